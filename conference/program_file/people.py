"""The speakers of one edition while a program is brought in: who is who, by name."""

from django.utils.text import slugify

from conference.models import Speaker

# Letters that fall apart into no Latin letter and a sign, and would vanish from a web address.
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


class People:
    """The speakers of one edition. A name is one person."""

    def __init__(self, conference):
        self.conference = conference
        speakers = list(Speaker.objects.of(conference))
        self.by_name = {speaker.name: speaker for speaker in reversed(speakers)}
        self.slugs = {speaker.slug for speaker in speakers}

    def find(self, name):
        """Return the speaker of that name, or None."""
        return self.by_name.get(name)

    def add(self, entry):
        """Make the speaker that a file's entry tells of."""
        speaker = Speaker.objects.create(
            conference=self.conference,
            name=entry.name,
            slug=self.free_slug(entry.name),
            is_from_file=True,
            **entry.fields,
        )
        self.by_name[speaker.name] = speaker
        return speaker

    def remove_who_is_left_over(self):
        """Remove the speakers whom a file brought and who are in no session any more. Return their names."""
        left_over = list(Speaker.objects.of(self.conference).brought_by_file().in_no_session())
        for speaker in left_over:
            speaker.delete()
        return [speaker.name for speaker in left_over]

    def free_slug(self, name):
        """Return a web address that nobody else here has: "grace", "grace-2"; "speaker" for no Latin letter."""
        stem = slugify(name.lower().translate(_LETTERS))[:100].strip("-") or "speaker"
        slug, number = stem, 1
        while slug in self.slugs:
            number += 1
            slug = f"{stem}-{number}"
        self.slugs.add(slug)
        return slug
