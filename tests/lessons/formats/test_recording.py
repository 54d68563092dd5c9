"""A recording, read back by another library: its length, its chapters, and the sound in it."""

import io
import re
from dataclasses import replace

import mutagen.mp3
import pytest

from foundation.rendering import programs
from foundation.rendering.printing import Stopped, Unprintable
from lessons.formats import recording, script
from lessons.formats.source import Section, para
from lessons.models import LearningPoint
from lessons.publications import Publication
from tests.lessons.formats.checks import recording_faults
from tests.lessons.formats.sample import SAMPLE, many


@pytest.fixture(scope="module")
def mp3():
    steps = []
    made = recording.recording(SAMPLE, lambda step, progress: steps.append((step, progress)) or True)
    return made, steps


def test_s88_a_recording_lasts_as_long_as_it_says_and_has_a_chapter_for_each_part(mp3):
    made, _ = mp3
    assert recording_faults(made, SAMPLE) == []
    found = mutagen.mp3.MP3(io.BytesIO(made))
    titles = {chapter.element_id: chapter.sub_frames["TIT2"].text[0] for chapter in found.tags.getall("CHAP")}
    assert [titles[name] for name in found.tags.getall("CTOC")[0].child_element_ids] == [
        "Title and contents", "Introduction", "Start preparing the tender early", "At a glance", "What next?",
    ]  # fmt: skip
    assert (found.tags["TIT2"].text[0], found.tags["TPE1"].text[0]) == (SAMPLE.title, "The portal")
    assert recording_faults(made, replace(SAMPLE, sections=SAMPLE.sections[:1]))


def test_the_announced_minutes_are_those_of_the_recording(mp3):
    seconds = mutagen.mp3.MP3(io.BytesIO(mp3[0])).info.length
    chapters = script.chapters(SAMPLE)
    said = script.announcement(SAMPLE, chapters, max(1, round(seconds / 60))).lines[2]
    assert "lasts about 1 minute." in said
    assert 20 < seconds < 90


@pytest.mark.parametrize("source", [SAMPLE, many(1), many(24)], ids=["a short one", "one lesson", "24 lessons"])
def test_the_script_tells_one_length_and_the_file_lasts_as_long_within_a_minute(source):
    told = script.text(source).decode()
    said = [int(minutes) for minutes in re.findall(r"about (\d+) minute", told)]
    assert len(said) == 2
    assert said[0] == said[1]
    seconds = mutagen.mp3.MP3(io.BytesIO(recording.recording(source, lambda *_: True))).info.length
    assert abs(seconds / 60 - said[0]) < 1


@pytest.mark.django_db
def test_learning_point_1_tells_the_length_of_its_recording():
    source = Publication(point=LearningPoint.objects.get(number=1)).source()
    said = int(re.search(r"lasts about (\d+) minutes", script.text(source).decode())[1])
    seconds = mutagen.mp3.MP3(io.BytesIO(recording.recording(source, lambda *_: True))).info.length
    assert abs(seconds / 60 - said) < 1


def test_it_tells_of_each_part_and_stops_when_nobody_wants_it(mp3):
    told = list(dict.fromkeys(step for step, _ in mp3[1]))  # a part that takes seconds is told of every second
    assert told[:4] == [f"Speaking part {n} of 4" for n in (1, 2, 3, 4)]
    with pytest.raises(Stopped):
        recording.recording(SAMPLE, lambda step, progress: False)


@pytest.mark.parametrize(("program", "part"), [("espeak-ng", 1), ("lame", 2), ("espeak-ng", 5), ("lame", 6)])
def test_it_stops_in_the_middle_of_a_part_too(monkeypatch, program, part):
    """Part 5 and 6 are the announcement, which is spoken twice."""
    asked, steps = [], []

    def run(what, arguments, *, wanted, **given):
        asked.append(what.command)
        if asked.count(program) == part and what.command == program:
            steps.clear()
            if not wanted():
                raise Stopped
        return programs.run(what, arguments, wanted=wanted, **given)

    monkeypatch.setattr(recording, "run", run)
    with pytest.raises(Stopped):
        recording.recording(SAMPLE, lambda step, progress: steps.append(step) or asked.count(program) < part)
    assert steps == ["Speaking the beginning" if part > 4 else f"Speaking part {part} of 4"]


def test_a_recording_of_more_than_three_hours_is_refused_in_words():
    long = replace(SAMPLE, sections=(Section("a", "Long", (para("word " * 42_000),)),))
    with pytest.raises(Unprintable, match="longer than three hours"):
        recording.recording(long, lambda step, progress: True)


def test_a_tag_counts_its_size_in_seven_bits():
    made = recording.tag("T", "P", [recording.Spoken("One", b"", 1000)])
    size = sum(byte << shift for byte, shift in zip(made[6:10], (21, 14, 7, 0), strict=True))
    assert size == len(made) - 10
    assert all(byte < 128 for byte in made[6:10])


def test_what_is_no_frame_is_not_counted_as_sound():
    with pytest.raises(Exception, match="no frame at byte 0"):
        recording.milliseconds(b"RIFFxxxx")
