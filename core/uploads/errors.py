"""Why a file can't be taken. Each has words that say so, and what to do instead."""

from core.errors import MarketingAgentError


class UploadError(MarketingAgentError):
    """A file can't be taken."""

    status = 422


class UploadTooLargeError(UploadError):
    """It has more bytes than are read."""

    code = "upload-too-large"
    status = 413


class UploadUnknownError(UploadError):
    """It is none of the kinds that are read."""

    code = "upload-unknown"
    status = 415


class UploadBrokenError(UploadError):
    """It can't be opened: it is damaged, or not what it says it is."""

    code = "upload-broken"


class UploadLockedError(UploadError):
    """It asks for a password."""

    code = "upload-locked"


class UploadEmptyError(UploadError):
    """There is no text in it, as in a scan."""

    code = "upload-empty"


class UploadTooLongError(UploadError):
    """It unpacks to more pages or text than are read."""

    code = "upload-too-long"


class UploadSlowError(UploadError):
    """Reading it took longer than is waited for."""

    code = "upload-slow"
