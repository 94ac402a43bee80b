"""Modules that are called something else by pip, in Python 3, or since some version of their package."""

from __future__ import annotations

PIP_NAMES = {
    "Crypto": "pycryptodome",
    "IPython": "ipython",
    "PIL": "pillow",
    "autograd": "autograd",
    "bs4": "beautifulsoup4",
    "cupy": "cupy-cuda12x",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "h5py": "h5py",
    "idx2numpy": "idx2numpy",
    "imageio": "imageio",
    "jax": "jax",
    "joblib": "joblib",
    "keras": "keras",
    "matplotlib": "matplotlib",
    "mlxtend": "mlxtend",
    "mpl_toolkits": "matplotlib",
    "networkx": "networkx",
    "numba": "numba",
    "numpy": "numpy",
    "openpyxl": "openpyxl",
    "pandas": "pandas",
    "plotly": "plotly",
    "pylab": "matplotlib",
    "requests": "requests",
    "scipy": "scipy",
    "seaborn": "seaborn",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "statsmodels": "statsmodels",
    "sympy": "sympy",
    "tensorflow": "tensorflow",
    "torch": "torch",
    "torchvision": "torchvision",
    "tqdm": "tqdm",
    "xgboost": "xgboost",
    "yaml": "pyyaml",
}
"""What pip calls the package that has a module."""

SINCE_PYTHON_3 = {
    "ConfigParser": "configparser",
    "Queue": "queue",
    "StringIO": "io",
    "Tkinter": "tkinter",
    "__builtin__": "builtins",
    "cPickle": "pickle",
    "cStringIO": "io",
    "copy_reg": "copyreg",
    "httplib": "http.client",
    "thread": "_thread",
    "tkMessageBox": "tkinter.messagebox",
    "urllib2": "urllib.request",
    "urlparse": "urllib.parse",
}
"""What Python 3 calls a module of Python 2."""

MOVED = {
    "keras.layers.convolutional": "keras.layers",
    "keras.layers.core": "keras.layers",
    "keras.layers.normalization": "keras.layers",
    "keras.utils.np_utils": "keras.utils",
    "scipy.misc.pilutil": "imageio",
    "sklearn.cross_validation": "sklearn.model_selection",
    "sklearn.datasets.base": "sklearn.datasets",
    "sklearn.datasets.mldata": "sklearn.datasets",
    "sklearn.datasets.samples_generator": "sklearn.datasets",
    "sklearn.externals": "joblib",
    "sklearn.externals.joblib": "joblib",
    "sklearn.grid_search": "sklearn.model_selection",
    "sklearn.learning_curve": "sklearn.model_selection",
}
"""Where the contents of a module are now."""

GONE = {
    "google.colab": "It exists only in Google Colab: take out what needs it.",
    "tensorflow.contrib": "TensorFlow 2 no longer has it.",
    "tensorflow.examples": "TensorFlow 2 no longer has it; tensorflow.keras.datasets.mnist.load_data() reads the same digits.",
}
"""What exists no more, or not here, and what to do."""
