import numpy as np

def sig(x):
    return 1/(1+np.exp(-x))

def slope(s):       # s = sig(x) already
    return s*(1-s)

# inputs a, b and a constant 1 (that is the bias)
data_in = np.array([[0,0,1],
                    [0,1,1],
                    [1,0,1],
                    [1,1,1]])
wanted = np.array([[0,1,1,0]]).T

weights_a = 2*np.random.random((3,12)) - 1
weights_b = 2*np.random.random((12,1)) - 1

for round in range(20000):
    middle = sig(data_in.dot(weights_a))
    result = sig(middle.dot(weights_b))

    miss = wanted - result
    sq_error = (miss**2).sum()
    if round % 4000 == 0:
        print("round", round, "squared error", sq_error)

    push_b = miss*slope(result)
    push_a = push_b.dot(weights_b.T)*slope(middle)

    # wanted - result already points downhill, so add
    weights_b += middle.T.dot(push_b)
    weights_a += data_in.T.dot(push_a)

print(result)
