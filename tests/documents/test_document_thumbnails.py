from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from crm.documents import tasks, thumbnails
from crm.documents.models import DocumentVersion, UnclaimedFile
from tests.documents import samples
from tests.documents.conftest import Keep

State = DocumentVersion.Thumbnail


def made(version: DocumentVersion) -> DocumentVersion:
    tasks.make_thumbnail(version.pk)
    version.refresh_from_db()
    return version


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (samples.picture("PNG", (2000, 900)), "a.png"),
        (samples.picture("JPEG", (900, 2000)), "a.jpg"),
        (samples.picture("GIF"), "a.gif"),
        (samples.picture("TIFF"), "a.tiff"),
        (samples.pdf(), "a.pdf"),
    ],
    ids=["png", "jpeg", "gif", "tiff", "pdf"],
)
def test_pictures_and_first_pages_get_a_thumbnail(keep: Keep, data: bytes, name: str) -> None:
    version = made(keep(data, name).current)
    assert version.thumbnail_state == State.MADE
    with version.thumbnail.open("rb") as file, Image.open(file) as image:
        assert image.format == "WEBP"
        assert max(image.size) <= 320
    assert not UnclaimedFile.objects.exists()


def test_other_files_are_owed_none(keep: Keep) -> None:
    assert keep().current.thumbnail_state == State.NONE
    assert keep(samples.docx(), "a.docx").current.thumbnail_state == State.NONE


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("data", "name"),
    [
        (samples.giant_png(), "giant.png"),
        (samples.picture()[:60], "cut.png"),
        (b"%PDF-1.4\n\xff\xfe\0 no pages at all", "broken.pdf"),
        (samples.picture("GIF")[:8] + b"\0" * 40, "broken.gif"),
    ],
    ids=["giant", "cut", "no pages", "broken gif"],
)
def test_what_cannot_be_drawn_is_remembered_and_not_tried_again(
    keep: Keep, no_broker: list[Any], data: bytes, name: str
) -> None:
    version = keep(data, name).current
    assert ("crm.documents.tasks.make_thumbnail", (version.pk,)) in no_broker
    assert made(version).thumbnail_state == State.FAILED
    no_broker.clear()
    tasks.make_missing_thumbnails()
    assert not no_broker


@pytest.mark.django_db(transaction=True)
def test_a_file_that_kills_its_worker_is_tried_three_times(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, no_broker: list[Any]
) -> None:
    version = keep(samples.picture(), "a.png").current

    def die(_data: bytes) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(thumbnails, "draw", die)
    for _time in range(3):
        no_broker.clear()
        tasks.make_missing_thumbnails()
        assert no_broker == [("crm.documents.tasks.make_thumbnail", (version.pk,))]
        with pytest.raises(ZeroDivisionError):
            tasks.make_thumbnail(version.pk)
    no_broker.clear()
    tasks.make_missing_thumbnails()
    tasks.make_thumbnail(version.pk)
    assert not no_broker


def test_drawing_ends_in_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "slow.py"
    slow.write_text("while True: pass")
    monkeypatch.setattr(thumbnails, "RENDERER", slow)
    monkeypatch.setattr(thumbnails, "SECONDS", 0.5)
    assert thumbnails.draw(b"x") is None


def test_the_second_worker_changes_nothing(keep: Keep) -> None:
    version = made(keep(samples.picture(), "a.png").current)
    name = version.thumbnail.name
    assert made(version).thumbnail.name == name


def test_a_thumbnail_made_too_late_is_thrown_away(
    keep: Keep, monkeypatch: pytest.MonkeyPatch, stored: Any
) -> None:
    document = keep(samples.picture(), "a.png")
    version = document.current

    def draw_while_another_does(_data: bytes) -> bytes:
        DocumentVersion.objects.filter(pk=version.pk).update(thumbnail_state=State.FAILED)
        return b"late"

    monkeypatch.setattr(thumbnails, "draw", draw_while_another_does)
    tasks.make_thumbnail(version.pk)
    assert len(stored()) == 2
    tasks.delete_unclaimed_file(UnclaimedFile.objects.get().pk)
    assert len(stored()) == 1
