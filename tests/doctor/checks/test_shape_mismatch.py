import pytest

from unstuck.doctor.checks.crashes import explain_crash

CASES = [
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X_train = np.ones((2, 5))\n"
            "X_trainT = X_train.T\n"
            "w1 = np.zeros((4, 5))\n"
            "w2 = np.zeros((4, 4))\n"
            "b2 = np.zeros((4, 1))\n"
            "A1 = np.dot(w1, X_trainT)\n"
            "A2 = np.dot(w2, A1)\n"
            "prediction = np.dot(w2, X_train) + b2\n"
            "print(prediction.T)\n"
        ),
        10,
        (
            "np.dot(w2, X_train) is a matrix product of w2, of shape (4, 4), and X_train, of shape (2, 5): "
            "w2 has 4 columns and X_train has 2 rows, and these would have to be equally many."
        ),
        (
            "import numpy as np\n"
            "\n"
            "X_train = np.ones((2, 5))\n"
            "X_trainT = X_train.T\n"
            "w1 = np.zeros((4, 5))\n"
            "w2 = np.zeros((4, 4))\n"
            "b2 = np.zeros((4, 1))\n"
            "A1 = np.dot(w1, X_trainT)\n"
            "A2 = np.dot(w2, A1)\n"
            "prediction = np.dot(w2, A1) + b2\n"
            "print(prediction.T)\n"
        ),
        id="second layer fed with the inputs (post 002)",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])\n"
            "W = np.ones((5, 2))\n"
            "for i in range(3):\n"
            "    Z = np.dot(W, X)\n"
            "    dW = np.dot(Z, X.T)\n"
            "    W = W - 0.1 * dW\n"
        ),
        6,
        (
            "np.dot(W, X) is a matrix product of W, of shape (5, 2), and X, of shape (4, 2): W has 2 columns "
            "and X has 4 rows, and these would have to be equally many."
        ),
        (
            "import numpy as np\n"
            "\n"
            "X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]]).T\n"
            "W = np.ones((5, 2))\n"
            "for i in range(3):\n"
            "    Z = np.dot(W, X)\n"
            "    dW = np.dot(Z, X.T)\n"
            "    W = W - 0.1 * dW\n"
        ),
        id="samples as rows where columns are needed",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "for i in range(3):\n"
            "    Z = np.dot(W, X)\n"
            "    dW = np.dot(Z, X)\n"
            "    W = W - 0.1 * dW\n"
        ),
        7,
        (
            "np.dot(Z, X) is a matrix product of Z, of shape (5, 4), and X, of shape (2, 4): Z has 4 columns "
            "and X has 2 rows, and these would have to be equally many."
        ),
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "for i in range(3):\n"
            "    Z = np.dot(W, X)\n"
            "    dW = np.dot(Z, X.T)\n"
            "    W = W - 0.1 * dW\n"
        ),
        id="transpose forgotten in the gradient",
    ),
    pytest.param(
        ("import numpy as np\n\nX = np.ones((4, 2))\nW = np.ones((2, 3))\nZ = X.T @ W\n"),
        5,
        (
            "X.T @ W is a matrix product of X.T, of shape (2, 4), and W, of shape (2, 3): X.T has 4 columns "
            "and W has 2 rows, and these would have to be equally many."
        ),
        ("import numpy as np\n\nX = np.ones((4, 2))\nW = np.ones((2, 3))\nZ = X @ W\n"),
        id="transpose too many",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "print(np.dot(X, W).sum(axis=1) + np.ones(4))\n"
        ),
        5,
        (
            "np.dot(X, W) is a matrix product of X, of shape (2, 4), and W, of shape (5, 2): X has 4 columns "
            "and W has 5 rows, and these would have to be equally many."
        ),
        None,
        id="operands swapped",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((7, 3))\nw = np.ones((3, 2))\nz = w @ x\nout = z + np.ones((7, 2))\n"),
        5,
        (
            "w @ x is a matrix product of w, of shape (3, 2), and x, of shape (7, 3): w has 2 columns and x "
            "has 7 rows, and these would have to be equally many."
        ),
        ("import numpy as np\n\nx = np.ones((7, 3))\nw = np.ones((3, 2))\nz = x @ w\nout = z + np.ones((7, 2))\n"),
        id="factors in the wrong order",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((7, 3))\nw = np.ones((2, 3))\nz = x.dot(w)\nz = z + np.ones(2)\n"),
        5,
        (
            "x.dot(w) is a matrix product of x, of shape (7, 3), and w, of shape (2, 3): x has 3 columns and "
            "w has 2 rows, and these would have to be equally many."
        ),
        ("import numpy as np\n\nx = np.ones((7, 3))\nw = np.ones((2, 3))\nz = x.dot(w.T)\nz = z + np.ones(2)\n"),
        id="method dot",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "b = np.zeros(5)\n"
            "for i in range(2):\n"
            "    Z = np.dot(W, X) + b\n"
            "    db = np.sum(Z, axis=1, keepdims=True)\n"
            "    b = b - 0.1 * db\n"
        ),
        7,
        (
            "np.dot(W, X) + b works element by element on np.dot(W, X), of shape (5, 4), and b, of shape "
            "(5,): compared from the right, 4 meets 5, and neither is 1."
        ),
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "b = np.zeros((5, 1))\n"
            "for i in range(2):\n"
            "    Z = np.dot(W, X) + b\n"
            "    db = np.sum(Z, axis=1, keepdims=True)\n"
            "    b = b - 0.1 * db\n"
        ),
        id="bias a row, samples as columns",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "b = np.ones(5)\n"
            "for i in range(2):\n"
            "    Z = np.dot(W, X) + b\n"
            "    db = np.sum(Z, axis=1)\n"
            "    b = b - 0.1 * db\n"
        ),
        7,
        (
            "np.dot(W, X) + b works element by element on np.dot(W, X), of shape (5, 4), and b, of shape "
            "(5,): compared from the right, 4 meets 5, and neither is 1."
        ),
        (
            "import numpy as np\n"
            "\n"
            "X = np.ones((2, 4))\n"
            "W = np.ones((5, 2))\n"
            "b = np.ones(5)\n"
            "for i in range(2):\n"
            "    Z = np.dot(W, X) + b[:, None]\n"
            "    db = np.sum(Z, axis=1)\n"
            "    b = b - 0.1 * db\n"
        ),
        id="bias a row, its gradient too",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "A1 = np.ones((5, 6))\n"
            "A2 = np.ones((3, 6))\n"
            "Y = np.ones((6, 3))\n"
            "dZ = A2 - Y\n"
            "dW = np.dot(dZ, A1.T)\n"
            "W = np.ones((3, 5)) - dW\n"
        ),
        6,
        (
            "A2 - Y works element by element on A2, of shape (3, 6), and Y, of shape (6, 3): compared from "
            "the right, 6 meets 3, and neither is 1."
        ),
        (
            "import numpy as np\n"
            "\n"
            "A1 = np.ones((5, 6))\n"
            "A2 = np.ones((3, 6))\n"
            "Y = np.ones((6, 3))\n"
            "dZ = A2 - Y.T\n"
            "dW = np.dot(dZ, A1.T)\n"
            "W = np.ones((3, 5)) - dW\n"
        ),
        id="targets turned",
    ),
    pytest.param(
        ("import numpy as np\n\nA = np.ones((6, 3))\ny = np.array([0, 1, 2, 0, 1, 2])\nerror = A - y\n"),
        5,
        (
            "A - y works element by element on A, of shape (6, 3), and y, of shape (6,): compared from the "
            "right, 3 meets 6, and neither is 1."
        ),
        None,
        id="class numbers for one-hot targets",
    ),
    pytest.param(
        ("import numpy as np\n\nb = np.zeros((3, 1))\ndZ = np.ones((3, 7))\nb -= 0.1 * dZ\n"),
        5,
        (
            "b -= 0.1 * dZ: b, of shape (3, 1), is changed in place and keeps its shape, into which 0.1 * "
            "dZ, of shape (3, 7), does not fit."
        ),
        None,
        id="gradient of the bias not summed",
    ),
    pytest.param(
        ("import numpy as np\n\nb = np.zeros(3)\ndZ = np.ones((7, 3))\nb -= 0.1 * dZ\n"),
        5,
        (
            "b -= 0.1 * dZ: b, of shape (3,), is changed in place and keeps its shape, into which 0.1 * dZ, "
            "of shape (7, 3), does not fit."
        ),
        None,
        id="gradient of a row bias not summed",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "x = np.ones((90, 1))\n"
            "y = np.ones(90)\n"
            "W = np.ones((16, 1))\n"
            "for n in range(3):\n"
            "    diff = x - y\n"
            "    grad = 2 * diff / 90\n"
            "    back = grad @ W.T\n"
        ),
        9,
        (
            "grad @ W.T is a matrix product of grad, of shape (90, 90), and W.T, of shape (1, 16): grad has "
            "90 columns and W.T has 1 row, and these would have to be equally many. The shape (90, 90) comes "
            "from x - y in line 7: x, of shape (90, 1), meets y, of shape (90,), which counts as a row, so "
            "that each entry meets every other."
        ),
        None,
        id="n by n from a row",
    ),
    pytest.param(
        ("import numpy as np\n\nW = np.zeros((4, 4))\nW[0] = np.ones(3)\n"),
        4,
        "np.ones(3) is to be stored in W[0]: it holds shape (3,), but W[0] only has room for shape (4,).",
        None,
        id="a row too long for its place",
    ),
    pytest.param(
        ("import numpy as np\n\noutputs = np.zeros(4)\nfor i in range(4):\n    outputs[i] = np.ones(3)\n"),
        5,
        (
            "np.ones(3) is to be stored in outputs[i]: it holds shape (3,), but outputs[i] only has room for "
            "a single number."
        ),
        None,
        id="an array for a single entry",
    ),
    pytest.param(
        ("import numpy as np\n\nW = np.zeros((4, 4))\nW[[0, 1]] = np.ones(3)\n"),
        4,
        ("np.ones(3) is to be stored in W[[0, 1]]: it holds shape (3,), but W[[0, 1]] only has room for shape (2, 4)."),
        None,
        id="several rows at once",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((10, 3))\nx = np.concatenate([x, np.ones(10)], axis=1)\n"),
        4,
        (
            "np.concatenate([x, np.ones(10)], axis=1) cannot join x of shape (10, 3) and np.ones(10) of "
            "shape (10,): they need equally many dimensions."
        ),
        None,
        id="concatenate",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((10, 3))\nx = np.hstack((x, np.ones((9, 1))))\n"),
        4,
        (
            "np.hstack((x, np.ones((9, 1)))) cannot join x of shape (10, 3) and np.ones((9, 1)) of shape (9, "
            "1): their sizes may differ only along the axis along which they are joined."
        ),
        None,
        id="hstack",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((10, 3))\nx = np.append(x, np.ones((10, 1)), axis=0)\n"),
        4,
        (
            "np.append(x, np.ones((10, 1)), axis=0) cannot join x of shape (10, 3) and np.ones((10, 1)) of "
            "shape (10, 1): their sizes may differ only along the axis along which they are joined."
        ),
        None,
        id="append",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.concatenate([1, 2])\n"),
        3,
        (
            "np.concatenate([1, 2]) cannot join the number 1 and the number 2: plain numbers have no axis to "
            "be joined along; np.array([...]) makes an array of them."
        ),
        None,
        id="numbers joined",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((10, 784))\ny = x.reshape(60000, 784)\n"),
        4,
        ("x has shape (10, 784), which is 7840 numbers, but for the shape (60000, 784) 47040000 are needed."),
        ("import numpy as np\n\nx = np.ones((10, 784))\ny = x.reshape(-1, 784)\n"),
        id="reshape with the sizes of other data",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((10, 784))\ny = np.reshape(x, (28, 28))\n"),
        4,
        "x has shape (10, 784), which is 7840 numbers, but for the shape (28, 28) 784 are needed.",
        None,
        id="reshape with a tuple",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones(3)\ny = x.reshape(2, -1)\n"),
        4,
        "x has shape (3,), which is 3 numbers, but for the shape (2, -1) a multiple of 2 is needed.",
        None,
        id="reshape that cannot be",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.array([\n    [1, 2],\n    [1, 2, 3],\n    [1, 2],\n])\n"),
        5,
        ("The rows of an array must have equal lengths; these have 2, 3, 2 entries. Look at [1, 2, 3] in line 5."),
        None,
        id="rows of different length",
    ),
    pytest.param(
        ("import numpy as np\n\nrows = [[1, 2], [3]]\nx = np.array(rows)\n"),
        4,
        ("np.array(rows) cannot be an array: its entries have different lengths, so they form no rows and columns."),
        None,
        id="lists of different length",
    ),
    pytest.param(
        ("import numpy as np\n\ndz = np.ones(3)\ndb = np.sum(dz, axis=1)\n"),
        4,
        "np.sum is asked for axis 1 of dz, of shape (3,), which has a single dimension, axis 0.",
        None,
        id="an axis that is not there",
    ),
    pytest.param(
        ("import numpy as np\n\ndz = np.ones((3, 2))\ndb = dz.sum(axis=2)\n"),
        4,
        "np.sum is asked for axis 2 of dz, of shape (3, 2), which has 2 dimensions, axes 0 to 1.",
        None,
        id="an axis of a method",
    ),
    pytest.param(
        ("import numpy as np\n\nx = np.ones((3, 2))\ny = x @ 0.5\n"),
        4,
        (
            "x @ 0.5 is a matrix product of x, of shape (3, 2), and 0.5, a single number: a product with a "
            "single number is written with *."
        ),
        None,
        id="matrix times a number",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "x = np.asmatrix(np.ones((4, 3)))\n"
            "w = np.asmatrix(np.ones((2, 3)))\n"
            "z = x * w\n"
            "z = z + np.ones((4, 2))\n"
        ),
        5,
        (
            "x * w is a matrix product of x, of shape (4, 3), and w, of shape (2, 3): x has 3 columns and w "
            "has 2 rows, and these would have to be equally many."
        ),
        (
            "import numpy as np\n"
            "\n"
            "x = np.asmatrix(np.ones((4, 3)))\n"
            "w = np.asmatrix(np.ones((2, 3)))\n"
            "z = x * w.T\n"
            "z = z + np.ones((4, 2))\n"
        ),
        id="np.matrix",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "params = {'W1': np.ones((4, 3)), 'W2': np.ones((3, 2))}\n"
            "a = np.ones((1, 3))\n"
            "a = a @ params['W' + str(2)] @ params['W1']\n"
        ),
        5,
        (
            "a @ params['W' + str(2)] @ params['W1'] is a matrix product of a @ params['W' + str(2)], of "
            "shape (1, 2), and params['W1'], of shape (4, 3): a @ params['W' + str(2)] has 2 columns and "
            "params['W1'] has 4 rows, and these would have to be equally many."
        ),
        None,
        id="dictionary of parameters",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.W = np.ones((3, 2))\n"
            "\n"
            "    def forward(self, x):\n"
            "        return np.dot(self.W, x)\n"
            "\n"
            "\n"
            "Net().forward(np.ones((4, 3)))\n"
        ),
        8,
        (
            "np.dot(self.W, x) is a matrix product of self.W, of shape (3, 2), and x, of shape (4, 3): "
            "self.W has 2 columns and x has 4 rows, and these would have to be equally many. forward was "
            "called from line 11."
        ),
        (
            "import numpy as np\n"
            "\n"
            "class Net:\n"
            "    def __init__(self):\n"
            "        self.W = np.ones((3, 2))\n"
            "\n"
            "    def forward(self, x):\n"
            "        return np.dot(x, self.W)\n"
            "\n"
            "\n"
            "Net().forward(np.ones((4, 3)))\n"
        ),
        id="attributes",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "def forward(X, W):\n"
            "    Z = X @ W\n"
            "    return Z\n"
            "\n"
            "\n"
            "forward(np.ones((4, 3)), np.ones((2, 3)))\n"
        ),
        4,
        (
            "X @ W is a matrix product of X, of shape (4, 3), and W, of shape (2, 3): X has 3 columns and W "
            "has 2 rows, and these would have to be equally many. forward was called from line 8."
        ),
        (
            "import numpy as np\n"
            "\n"
            "def forward(X, W):\n"
            "    Z = X @ W.T\n"
            "    return Z\n"
            "\n"
            "\n"
            "forward(np.ones((4, 3)), np.ones((2, 3)))\n"
        ),
        id="in a function",
    ),
    pytest.param(
        ("import numpy as np\n\nnp.linalg.inv(np.ones((2, 3)))\n"),
        3,
        "In line 3, np.linalg.inv(np.ones((2, 3))): Last 2 dimensions of the array must be square.",
        None,
        id="not square",
    ),
    pytest.param(
        ("import numpy as np\n\na = np.maximum(np.ones((3, 2)), np.ones(3))\n"),
        3,
        (
            "np.maximum(np.ones((3, 2)), np.ones(3)) works element by element on np.ones((3, 2)), of shape "
            "(3, 2), and np.ones(3), of shape (3,): compared from the right, 2 meets 3, and neither is 1."
        ),
        None,
        id="maximum",
    ),
    pytest.param(
        ("import numpy as np\n\np = np.ones((3, 2))\ny = np.ones((2, 3))\nprint(np.mean(p == y))\n"),
        5,
        (
            "p == y works element by element on p, of shape (3, 2), and y, of shape (2, 3): compared from "
            "the right, 2 meets 3, and neither is 1."
        ),
        None,
        id="comparison",
    ),
    pytest.param(
        (
            "import numpy as np\n"
            "\n"
            "def sigmoid(z):\n"
            "    return 1 / (1 + np.exp(-z))\n"
            "\n"
            "\n"
            "w = np.ones((4, 4))\n"
            "b = np.ones((3, 1))\n"
            "x = np.ones((4, 2))\n"
            "y = sigmoid(np.dot(w, x)) + b\n"
        ),
        10,
        (
            "sigmoid(np.dot(w, x)) + b works element by element on sigmoid(np.dot(w, x)), of shape (4, 2), "
            "and b, of shape (3, 1): compared from the right, 4 meets 3, and neither is 1."
        ),
        None,
        id="element by element in a function",
    ),
]


@pytest.mark.parametrize(("text", "line", "message", "new"), CASES)
def test_a_real_crash_is_explained(crash_of, mended, runs, text, line, message, new):
    crash, source = crash_of(text)
    (finding,) = explain_crash(crash, source)
    assert (finding.fault, finding.severity) == ("shape-mismatch", "fatal")
    assert finding.message == message
    assert finding.location.line == line
    assert finding.evidence
    assert mended(source, finding) == new
    if new is not None:
        runs(new)
