"""Pictures, pronouns and links of speakers: taken as they come, made ready, shown with words."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from conference import drafts
from conference.models import Picture
from conference.pictures.portraits import take_portrait
from conference.site.previews import preview_path
from tests.factories import NOW, make_conference, make_speaker, make_staff

pytestmark = pytest.mark.django_db
ORIENTATION, CAMERA = 0x0112, 0x010F


def a_file(kind="JPEG", size=(400, 300), colour="red", **options):
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind, **options)
    return written.getvalue()


def with_exif():
    exif = Image.Exif()
    exif[CAMERA], exif[ORIENTATION] = "A camera at home", 6
    return a_file(exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_becomes_three_square_pictures_without_what_the_camera_says(kind):
    data = with_exif() if kind == "JPEG" else a_file(kind)
    picture = take_portrait(data, now=NOW)

    for name, side in (("small", 96), ("medium", 192), ("large", 384)):
        with Image.open(BytesIO(bytes(getattr(picture, name)))) as found:
            assert (found.format, found.size, dict(found.getexif())) == ("JPEG", (side, side), {})
    assert b"camera" not in bytes(picture.large)
    assert take_portrait(data, now=NOW) == picture


def test_a_picture_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[ORIENTATION] = 3  # upside down
    picture = Image.new("RGB", (200, 200), "white")
    picture.paste("black", (0, 0, 200, 100))
    written = BytesIO()
    picture.save(written, "JPEG", exif=exif)

    with Image.open(BytesIO(bytes(take_portrait(written.getvalue(), now=NOW).large))) as found:
        assert found.getpixel((190, 20))[0] > 200
        assert found.getpixel((190, 360))[0] < 50


@pytest.mark.parametrize("tag", [0x0152, 0x011F], ids=hex)
def test_a_picture_in_which_a_camera_wrote_nonsense_is_taken_and_turned(tag):
    nonsense = b"Exif\0\0MM\0*\0\0\0\x08\0\x02" + tag.to_bytes(2) + b"\0\x02\0\0\0\x04Cam\0"  # words, not a number
    on_its_side = b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    picture = Image.new("RGB", (200, 200), "white")
    picture.paste("black", (0, 0, 200, 100))
    written = BytesIO()
    picture.save(written, "JPEG", exif=nonsense + on_its_side)

    with Image.open(BytesIO(bytes(take_portrait(written.getvalue(), now=NOW).large))) as found:
        assert found.getpixel((360, 190))[0] < 50
        assert found.getpixel((20, 190))[0] > 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no picture", "We cannot read this picture."),
        (a_file()[:400], "We cannot read this picture."),
        (a_file(size=(90, 400)), "This picture is too small."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We cannot read this picture."),
    ],
)
def test_what_is_no_picture_is_refused_in_words(data, words):
    with pytest.raises(ValueError, match=words):
        take_portrait(data, now=NOW)
    assert not Picture.objects.exists()


def speaker_form(speaker, **changes):
    return {"conference": speaker.conference_id, "name": speaker.name, "_draft": "x"} | changes


def test_a_picture_needs_words_waits_in_the_draft_and_is_then_on_the_pages_for_good(client):
    speaker = make_speaker()
    client.force_login(make_staff())
    url = reverse("admin:conference_speaker_change", args=[speaker.pk])
    upload = {"upload": SimpleUploadedFile("me.png", a_file("PNG"), content_type="image/png")}

    without = client.post(url, speaker_form(speaker) | upload)
    assert "Say what the picture shows" in without.text
    assert not Picture.objects.exists()
    assert "Choose the file again. The rest of the form is kept, a file is not." in without.text
    assert "<img" not in without.text  # the picture is not the current one: nothing was saved

    upload = {"upload": SimpleUploadedFile("me.png", a_file("PNG"), content_type="image/png")}
    words = {"picture_alt": "Grace laughs", "pronouns": "she/her", "links": "Her blog: example.org/grace\n"}
    assert client.post(url, speaker_form(speaker) | upload | words).status_code == 302

    picture = Picture.objects.get()
    assert f'src="/pictures/{picture.key}-96.jpg"' in client.get(url).text
    assert "<img" not in client.get("/speakers/grace/").text
    path = reverse("picture", kwargs={"key": picture.key, "side": 192})
    preview = client.get(preview_path(speaker.conference, "/speakers/grace/")).text
    assert path.strip("/") in preview
    assert client.get(preview_path(speaker.conference, path)).status_code == 200

    drafts.publish(speaker.conference, now=NOW)

    page = client.get("/speakers/grace/").text
    assert f'src="{path}"' in page
    assert 'alt="Grace laughs"' in page
    assert "she/her" in page
    assert '<a href="https://example.org/grace">Her blog</a>' in page
    everybody = client.get("/speakers/").text
    assert 'loading="lazy"' in everybody
    assert 'width="96"' in everybody
    sent = client.get(path)
    assert sent["Content-Type"] == "image/jpeg"
    assert "immutable" in sent["Cache-Control"]
    assert client.get(path.replace("192", "193")).status_code == 404

    client.post(url, speaker_form(speaker, no_picture="on", picture_alt=""))
    drafts.publish(speaker.conference, now=NOW)
    assert "<img" not in client.get("/speakers/grace/").text


def test_the_list_of_speakers_loads_no_picture(client, django_assert_num_queries):
    conference = make_conference()
    for number in range(3):
        picture = take_portrait(a_file(colour=(number * 80, 0, 0)), now=NOW)
        make_speaker(conference, slug=f"s{number}", name=f"S {number}", picture=picture, picture_alt="A face")

    with django_assert_num_queries(5) as queries:
        client.get("/speakers/")

    assert not any('"large"' in query["sql"] for query in queries)
