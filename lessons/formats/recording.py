"""A recording of a source: spoken by espeak-ng, packed by lame as MP3, with a chapter mark for each part.

Every chapter is spoken and packed by itself, so a long report needs little room, and a chapter's length is counted from
its frames. The marks are ID3v2 chapters, which players of books and of podcasts show.
"""

import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import accumulate

from foundation.rendering.printing import PressBroke, Stopped, Unprintable
from foundation.rendering.programs import Program, Wanted, folder, run
from lessons.formats.script import WORDS_A_MINUTE, Chapter, announcement, chapters, minutes_of
from lessons.formats.source import Source

ESPEAK, LAME = Program("espeak-ng", "espeak-ng"), Program("lame", "lame")
VOICE = "en-gb-scotland"
KILOBITS = 48
MOST_MINUTES = 180
TOO_LONG = (
    "The recording would last longer than three hours. Make several smaller reports, or use the audio script and have "
    "somebody read it."
)

# MPEG-2 Layer III: kilobits a second by number, samples a second by number; a frame is 576 samples.
_KILOBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES = (22050, 24000, 16000)
_SAMPLES = 576

Follow = Callable[[str, int], bool]


@dataclass(frozen=True)
class Spoken:
    """A chapter as MP3 frames, and how long it lasts."""

    title: str
    frames: bytes
    milliseconds: int


def recording(source: Source, follow: Follow) -> bytes:
    """The MP3 file. `follow` hears of every chapter, and every second while one is spoken; it may stop the work."""
    rest = chapters(source)
    if minutes_of(rest) > MOST_MINUTES:
        raise Unprintable(TOO_LONG)
    spoken = []
    for number, chapter in enumerate(rest):
        wanted = partial(follow, f"Speaking part {number + 1} of {len(rest)}", 5 + 90 * number // len(rest))
        if not wanted():
            raise Stopped
        spoken.append(speak(chapter, wanted))
    wanted = partial(follow, "Speaking the beginning", 95)
    first = speak(announcement(source, rest, _minutes(spoken)), wanted)
    # The announcement is part of what it announces.
    whole = [speak(announcement(source, rest, _minutes([first, *spoken])), wanted), *spoken]
    return tag(source.title, source.publisher, whole) + b"".join(chapter.frames for chapter in whole)


def _minutes(spoken: Sequence[Spoken]) -> int:
    return max(1, round(sum(chapter.milliseconds for chapter in spoken) / 60_000))


def speak(chapter: Chapter, wanted: Wanted) -> Spoken:
    with folder() as room:
        wave, packed = room / "chapter.wav", room / "chapter.mp3"
        # An empty line is a pause.
        text = "\n\n".join(chapter.lines).encode()
        voice = ["-v", VOICE, "-s", str(WORDS_A_MINUTE), "-b", "1", "--stdin", "-w", str(wave)]
        run(ESPEAK, voice, given=text, wanted=wanted)
        # `--nores -t`: every frame stands alone and none is there to describe the others, so chapters can be joined.
        packing = ["--quiet", "--cbr", "-b", str(KILOBITS), "-m", "m", "--nores", "-t", str(wave), str(packed)]
        run(LAME, packing, wanted=wanted)
        frames = packed.read_bytes()
    return Spoken(chapter.title, frames, milliseconds(frames))


def milliseconds(frames: bytes) -> int:
    """The length of MPEG-2 Layer III frames, counted one by one."""
    at, samples, rate = 0, 0, _RATES[0]
    while at + 4 <= len(frames):
        head = struct.unpack(">I", frames[at : at + 4])[0]
        kilobits, which, padding = (head >> 12) & 15, (head >> 10) & 3, (head >> 9) & 1
        if head >> 17 != 0b111_1111_1111_10_01 or kilobits in (0, 15) or which == 3:
            raise PressBroke(f"the recording has no frame at byte {at}")
        rate = _RATES[which]
        at += 72 * _KILOBITS[kilobits] * 1000 // rate + padding
        samples += _SAMPLES
    return round(samples * 1000 / rate)


def tag(title: str, publisher: str, spoken: Sequence[Spoken]) -> bytes:
    """An ID3v2.3 tag: title, publisher, length and the table of the chapters."""
    ends = list(accumulate(chapter.milliseconds for chapter in spoken))
    names = [f"ch{number}" for number in range(len(spoken))]
    toc = b"toc\0" + bytes([3, min(len(names), 255)]) + b"".join(name.encode() + b"\0" for name in names[:255])
    frames = _text("TIT2", title) + _text("TPE1", publisher) + _text("TLAN", "eng") + _text("TLEN", str(ends[-1]))
    frames += _frame("CTOC", toc)
    for name, chapter, start, end in zip(names[:255], spoken, [0, *ends], ends, strict=False):
        times = struct.pack(">IIII", start, end, 0xFFFFFFFF, 0xFFFFFFFF)
        frames += _frame("CHAP", name.encode() + b"\0" + times + _text("TIT2", chapter.title))
    return b"ID3\x03\x00\x00" + _seven_bits(len(frames)) + frames


def _text(name: str, text: str) -> bytes:
    return _frame(name, b"\x01" + text.encode("utf-16"))


def _frame(name: str, content: bytes) -> bytes:
    return name.encode() + struct.pack(">I", len(content)) + b"\0\0" + content


def _seven_bits(size: int) -> bytes:
    """A tag's size has seven bits to the byte."""
    return bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
