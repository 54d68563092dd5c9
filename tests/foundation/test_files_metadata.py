"""Pictures without what the camera wrote into them; they still open, and still stand the right way up."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from foundation.files import store
from foundation.files.metadata import without_metadata
from tests.foundation import samples

SECRET = b"55.8642N 4.2518W Canon of M. Sample"


def photo(orientation=1, kind="JPEG", **more):
    picture = Image.new("RGB", (24, 16), "#5a2b83")
    exif = Image.Exif()
    exif[274], exif[0x013B] = orientation, SECRET.decode()
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, **more)
    return out.getvalue()


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("orientation", [1, 6])
def test_a_jpeg_keeps_its_picture_and_which_way_is_up_and_nothing_else(orientation, progressive):
    whole = photo(orientation, progressive=progressive, comment=SECRET) + b"\xff\xd8film" + SECRET
    assert SECRET in whole
    bare = without_metadata(whole, "image/jpeg")
    assert SECRET not in bare
    assert b"film" not in bare
    opened = Image.open(io.BytesIO(bare))
    assert opened.tobytes() == Image.open(io.BytesIO(whole)).tobytes()
    assert dict(opened.getexif()) == ({274: 6} if orientation == 6 else {})
    assert without_metadata(bare, "image/jpeg") == bare


def test_a_png_keeps_its_picture_and_nothing_else():
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", SECRET.decode())
    told.add_itxt("Place", SECRET.decode())
    whole = photo(kind="PNG", pnginfo=told) + SECRET
    bare = without_metadata(whole, "image/png")
    assert SECRET not in bare
    assert b"eXIf" not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(whole)).tobytes()


@settings(max_examples=80)
@given(st.binary(max_size=200), st.integers(0, 400), st.sampled_from(["image/jpeg", "image/png"]))
def test_broken_pictures_are_refused_in_words_or_bared_never_a_fault(junk, cut, kind):
    start = samples.jpeg() if kind == "image/jpeg" else samples.png()
    try:
        bare = without_metadata(start[:cut] + junk, kind)
    except ValidationError as refused:
        bare, said = b"", refused.messages[0]
    else:
        said = "is damaged"
    assert len(bare) <= len(start[:cut] + junk)
    assert "is damaged" in said


@pytest.mark.django_db
def test_a_photo_is_kept_bare_and_its_files_name_is_not():
    upload = SimpleUploadedFile("Mrs Brown at 12 High Street.jpg", photo(6), "image/jpeg")
    kept = store.keep_photo(upload, scope="partnership:x", by=None)
    assert (kept.name, kept.content_type, len(kept.key)) == ("photo.jpg", "image/jpeg", 32)
    content = store.path_of(kept).read_bytes()
    assert SECRET not in content
    assert len(content) == kept.size


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.pdf", samples.PDF, "Choose a JPEG or a PNG"), ("a.jpg", samples.PDF, "damaged"),
     ("a.heic", b"x", "Choose a JPEG"), ("a.png", samples.jpeg(), "damaged"), ("a.jpg", b"", "is empty")],
)  # fmt: skip
def test_what_is_no_photo_is_refused_in_words(name, content, said):
    with pytest.raises(ValidationError, match=said):
        store.keep_photo(SimpleUploadedFile(name, content), scope="", by=None)
