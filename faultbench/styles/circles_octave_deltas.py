# nnTrain.py, translated line by line from my old Octave file nnTrain.m
# (so: every COLUMN of X is one example, the first column of Theta is the bias)
import numpy as np

np.random.seed(31);

def sigmoid(z):
    return 1. / (1. + np.exp(-z));

## data: a small disc (y = 0) inside of a ring (y = 1)
m   = 24;
phi = 2*np.pi*np.random.rand(m);
rad = np.where(np.arange(m) < m/2, 0.5*np.random.rand(m), 1 + 0.2*np.random.rand(m));
X   = np.vstack([rad*np.cos(phi), rad*np.sin(phi)]);
y   = (np.arange(m) >= m/2)*1.0;

## weights
hidden  = 6;
eps_ini = 1.5;
Theta1  = 2*eps_ini*np.random.rand(hidden, 3) - eps_ini;
Theta2  = 2*eps_ini*np.random.rand(1, hidden + 1) - eps_ini;
alpha   = 2.5;
lam     = 0.0005;
mu      = 0.8;
V1      = np.zeros(Theta1.shape);
V2      = np.zeros(Theta2.shape);

for it in range(1, 241):
    Delta1 = np.zeros((hidden, 3));
    Delta2 = np.zeros((1, hidden + 1));
    total  = 0;
    for t in range(m):
        ## feedforward
        a1 = np.r_[1, X[:, t]];
        a2 = np.r_[1, sigmoid(Theta1 @ a1)];
        a3 = sigmoid(Theta2 @ a2);
        total -= y[t]*np.log(a3[0] + 1e-15) + (1 - y[t])*np.log(1 - a3[0] + 1e-15);
        ## backpropagation
        d3 = a3 - y[t];
        d2 = (Theta2.T @ d3)[1:] * a2[1:] * (1 - a2[1:]);
        Delta2 += np.outer(d3, a2);
        Delta1 += np.outer(d2, a1);

    J = total/m + lam/2*(np.sum(Theta1[:, 1:]**2) + np.sum(Theta2[:, 1:]**2));

    ## regularisation, not for the bias
    Theta1_grad = Delta1/m;
    Theta2_grad = Delta2/m;
    Theta1_grad[:, 1:] += lam*Theta1[:, 1:];
    Theta2_grad[:, 1:] += lam*Theta2[:, 1:];

    V1 = mu*V1 - alpha*Theta1_grad;
    V2 = mu*V2 - alpha*Theta2_grad;
    Theta1 = Theta1 + V1;
    Theta2 = Theta2 + V2;

    if it == 1 or it % 40 == 0:
        print('Iteration %4d | Cost: %e' % (it, J));

A2 = np.vstack([np.ones(m), sigmoid(Theta1 @ np.vstack([np.ones(m), X]))]);
pred = sigmoid(Theta2 @ A2) > 0.5;
print('Training Set Accuracy: %f' % (np.mean(pred[0] == (y == 1))*100));

# /// faultbench
# task = "circles"
# loop = 1
# parameters = ["Theta1", "Theta2"]
# loss = "J"
# ///
