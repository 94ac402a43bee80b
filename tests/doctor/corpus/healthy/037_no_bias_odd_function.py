import numpy as np

# f(-x) = -f(x), so a tanh net does not need any bias
x = np.random.uniform(-2, 2, size=(150, 1))
t = x - 1.2 * np.sin(2.5 * x)

w_in = np.random.normal(0, 2, size=(1, 20))
w_out = np.random.normal(0, 0.3, size=(20, 1))
eta = 0.03

for i in range(5000):
    h = np.tanh(np.dot(x, w_in))
    y = np.dot(h, w_out)
    err = np.sum((y - t)**2) / (2 * len(x))
    if i % 500 == 0:
        print(i, err)
    delta = (y - t) / len(x)
    dw_out = np.dot(h.T, delta)
    dw_in = np.dot(x.T, np.dot(delta, w_out.T) * (1 - h**2))
    w_out -= eta * dw_out
    w_in -= eta * dw_in

check = np.array([[-1.5], [-0.5], [0.0], [0.5], [1.5]])
for a, net_says in zip(check[:, 0], np.dot(np.tanh(np.dot(check, w_in)), w_out)[:, 0]):
    print("f(%5.2f) = %7.4f   net: %7.4f" % (a, a - 1.2 * np.sin(2.5 * a), net_says))
