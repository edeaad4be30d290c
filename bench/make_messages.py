"""Write an import file of invented messages of plausible lengths: `bench/make_messages.py 100000 > messages.jsonl`.

70 % press releases, 29 % statements, 1 % Q&As, a third of them Russian, over ten years; bodies of
1 to 5 kB. The same number gives the same file.
"""

import json
import random
import sys
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2014, 1, 1, 9, tzinfo=UTC)
SPAN = timedelta(days=3650)
VOCABULARY = {
    "en": """the embassy of and in for with talks visit culture exhibition consular section visitors agreement trade
        library students evening opens returns hours appointment travel city museum concert delegation ministry
        anniversary joint forum science school harvest railway winter programme""",
    "ru": """посольство и в на для с переговоры визит культура выставка консульский отдел посетители соглашение
        торговля библиотека студенты вечер открывает часы приём поездка город музей концерт делегация министерство
        годовщина форум наука школа урожай железная дорога зима программа""",
}
WORDS = {language: words.split() for language, words in VOCABULARY.items()}


def sentence(chance, language, least=6, most=22):
    """A sentence of random words."""
    words = " ".join(chance.choices(WORDS[language], k=chance.randint(least, most)))
    return f"{words[0].upper()}{words[1:]}."


def paragraph(chance, language):
    """A paragraph of a few sentences, with emphasis or a link now and then."""
    sentences = [sentence(chance, language) for _ in range(chance.randint(2, 6))]
    if chance.random() < 0.3:
        sentences[-1] = f'<strong>{sentences[-1]}</strong> <a href="https://example.org/{chance.randint(1, 9)}">…</a>'
    return f"<p>{' '.join(sentences)}</p>"


def body(chance, language, longest=7):
    """Paragraphs, sometimes a heading and a list."""
    parts = [paragraph(chance, language) for _ in range(chance.randint(2, longest))]
    if chance.random() < 0.2:
        items = "".join(f"<li>{sentence(chance, language)}</li>" for _ in range(4))
        parts.insert(1, f"<h2>{sentence(chance, language, 2, 5)}</h2><ul>{items}</ul>")
    return "".join(parts)


def message(chance, number):
    """One message as the format wants it."""
    language = chance.choice(["en", "en", "ru"])
    kind = chance.choices(["press-release", "statement", "q-and-a"], [70, 29, 1])[0]
    published_at = BEGIN + chance.random() * SPAN
    content = {
        "kind": kind,
        "language": language,
        "title": sentence(chance, language, 3, 10)[:200].rstrip("."),
        "published_at": published_at.isoformat(timespec="seconds"),
        "body": body(chance, language),
        "source": f"bench-{number}",
    }
    if kind == "statement" and chance.random() < 0.3:
        content["signed_in"] = "Exampleville"
        content["signed_on"] = published_at.date().isoformat()
        sides = ("the first side", "the second side")
        content["signatories"] = [{"on_behalf_of": side, "name": "N. N.", "office": "Minister"} for side in sides]
    if kind == "q-and-a":
        content["questions"] = [
            {"question": sentence(chance, language).replace(".", "?"), "answer": body(chance, language, 2)}
            for _ in range(chance.randint(1, 6))
        ]
    return content


def main(count):
    """Write `count` messages to standard output."""
    chance = random.Random(count)  # noqa: S311 — invented text, not a secret
    for number in range(count):
        print(json.dumps(message(chance, number), ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]))
