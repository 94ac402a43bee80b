# V(x, y) of a double well from noisy "measurements" with a few wild points.
# Net: 2 -> softplus -> 1, Huber loss, heavy ball:  q_{n+1} = q_n + mu (q_n - q_{n-1}) - h dU/dq
import numpy as np

rng = np.random.default_rng(14)

def V(x, y):
    return (x**2 - 1)**2 + 0.5*y**2        # units of E_0

# measured positions in mm, converted below
raw = rng.uniform(-15, 15, size=(160, 2))
q   = raw.copy()
q  /= 10.0                                 # mm -> cm
obs = V(raw[:, 0]/10, raw[:, 1]/10) + 0.02*rng.standard_normal(160)
wild = rng.choice(160, 4, replace=False)
obs[wild] += 2.0                           # detector glitches

z  = obs.copy()                            # standardised target
mu0, sd0 = z.mean(), z.std()
z -= mu0
z /= sd0
z = z[:, np.newaxis]

n_h   = 24
A     = rng.normal(0, 1.5, (2, n_h))
a     = rng.uniform(-1.5, 1.5, (1, n_h))
B     = rng.normal(0, 1, (n_h, 1))/np.sqrt(n_h)
b     = np.zeros((1, 1))
A_old, a_old, B_old, b_old = A.copy(), a.copy(), B.copy(), b.copy()

h, mu, kink = 0.1, 0.95, 0.3
N = len(q)

for n in range(1500):
    # --- forward
    u   = q @ A + a
    s   = np.logaddexp(0, u)               # softplus
    f   = s @ B + b
    r   = f - z
    far = np.abs(r) > kink
    U   = np.mean(np.where(far, kink*(np.abs(r) - 0.5*kink), 0.5*r**2))

    # --- backward
    dr  = np.where(far, kink*np.sign(r), r)/N
    dB  = s.T @ dr
    db  = dr.sum(axis=0, keepdims=True)
    du  = (dr @ B.T)/(1 + np.exp(-u))      # softplus' = logistic
    dA  = q.T @ du
    da  = du.sum(axis=0, keepdims=True)

    # --- heavy ball: remember where we are, then move
    step_A = mu*(A - A_old) - h*dA
    step_a = mu*(a - a_old) - h*da
    step_B = mu*(B - B_old) - h*dB
    step_b = mu*(b - b_old) - h*db
    A_old = A.copy()
    a_old = a.copy()
    B_old = B.copy()
    b_old = b.copy()
    A += step_A
    a += step_a
    B += step_B
    b += step_b

    if n % 300 == 0:
        print(f"n = {n:5d}    U = {U:.3e}    |dU/dB| = {np.linalg.norm(dB):.1e}")

model = (np.logaddexp(0, q @ A + a) @ B + b)[:, 0]*sd0 + mu0
good  = np.setdiff1d(np.arange(N), wild)
print("rms deviation without the glitches: %.3f E_0" % np.sqrt(np.mean((model - obs)[good]**2)))

# /// faultbench
# task = "regression, double well"
# loop = 1
# parameters = ["A", "a", "B", "b"]
# loss = "U"
# ///
