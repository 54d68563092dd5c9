"""May this upload be kept? Its ending, its size, its first bytes and its structure must tell one story.

What the browser claims about the type is never asked. The checks read little, unpack nothing to the disk and are
bounded in time and memory whatever they are given; they look for disguise and for harm to the portal. They are not a
virus scanner, which is why a file is only ever handed out as a download.
"""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat

from foundation.files.kinds import KINDS, in_words
from foundation.files.names import extension, label


def content_type_of(upload: "UploadedFile[bytes]") -> str:
    """The type of an acceptable upload; ValidationError with a sentence that says what to do otherwise."""
    name = label(upload.name or "")
    kind = KINDS.get(extension(name))
    if kind is None:
        raise ValidationError(f"“{name}” cannot be accepted. Upload {in_words()}.", code="kind")
    if not upload.size:
        raise ValidationError(f"“{name}” is empty. Check the file on your computer and upload it again.", code="empty")
    if upload.size > settings.MAX_UPLOAD_BYTES:
        raise ValidationError(
            f"“{name}” is {filesizeformat(upload.size)}; the largest file accepted is {largest()}. "
            "Make it smaller, for example by reducing the size of its pictures, or split it.",
            code="size",
        )
    upload.seek(0)
    kind.look(upload)
    upload.seek(0)
    return kind.content_type


def picture_type_of(upload: "UploadedFile[bytes]") -> str:
    """As `content_type_of`, for a photo: nothing but PNG and JPEG."""
    name = label(upload.name or "")
    kind = KINDS.get(extension(name))
    if kind is None or not kind.content_type.startswith("image/"):
        raise ValidationError(f"“{name}” is not a photo the portal can keep. Choose a JPEG or a PNG.", code="kind")
    return content_type_of(upload)


def largest() -> str:
    """“20 MB”, for help texts."""
    return filesizeformat(settings.MAX_UPLOAD_BYTES).replace(".0", "")
