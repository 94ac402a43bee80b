from numpy import array, dot, mean, random, sigmoid, sum, zeros

# half adder: two bits in, carry and sum out
x = array([[0, 0], [0, 1], [1, 0], [1, 1]])
t = array([[0, 0], [0, 1], [0, 1], [1, 0]])

random.seed(7)
w = [random.randn(2, 5) * 2, random.randn(5, 2)]
b = [random.randn(1, 5), zeros((1, 2))]

for sweep in range(6000):
    layer = [x]
    for k in range(2):
        layer.append(sigmoid(dot(layer[k], w[k]) + b[k]))
    delta = 2 * (layer[2] - t) * layer[2] * (1 - layer[2]) / 4
    for k in (1, 0):
        gw, gb = dot(layer[k].T, delta), sum(delta, axis=0)
        if k == 1:
            delta = dot(delta, w[1].T) * layer[1] * (1 - layer[1])
        w[k] = w[k] - 2.0 * gw
        b[k] = b[k] - 2.0 * gb
    if sweep % 600 == 0:
        print("sweep", sweep, "error", mean(sum((layer[2] - t) ** 2, axis=1)))
print(layer[2].round(2))
