"""Every error this package raises on purpose.

::

    UnstuckError
    ├── UsageError            the request cannot be carried out as given (also a ValueError)
    │   ├── OptionError       an unknown name, or a value outside what is allowed
    │   ├── ShapeError        an array of the wrong shape
    │   └── DataError         the wrong dtype, NaN or infinite values, no rows, unknown labels
    ├── FileError             a file or folder that is missing, damaged or in the way (also an OSError)
    └── MissingExtraError     an optional dependency is not installed (also an ImportError)

A message says what was given, what was expected, where, and what to do.
"""


class UnstuckError(Exception):
    """Base of all errors of this package."""


class UsageError(UnstuckError, ValueError):
    """The request cannot be carried out as given."""


class OptionError(UsageError):
    """An unknown name, or a value outside what is allowed."""


class ShapeError(UsageError):
    """An array of the wrong shape."""


class DataError(UsageError):
    """Values that cannot be trained on: wrong dtype, NaN or infinite, no rows, unknown labels."""


class FileError(UnstuckError, OSError):
    """A file or folder that is missing, damaged or in the way."""


class MissingExtraError(UnstuckError, ImportError):
    """An optional dependency is not installed."""
