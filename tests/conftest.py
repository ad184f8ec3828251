"""What several tests share: a valid record, a small corpus, the folder of real news."""

import os
from pathlib import Path

import pytest
from dateline.corpus.schema import Article, decode
from dateline.corpus.store import Corpus
from msgspec.structs import replace

CASES = Path(__file__).parent / "cases"
# Words of one length, so that three texts differ and one record fits them all.
SAME_LENGTH = [
    ("Dressa", "Kelmar", "Ulskan"),
    ("Sunday", "Monday", "Friday"),
    ("villagers", "residents", "merchants"),
    ("Meridel", "Torvale", "Askelon"),
    ("Tomas", "Orsin", "Lemar"),
]


@pytest.fixture
def valid() -> Article:
    """A record without incidents: three zones, all layers, 14 mentions."""
    return decode((CASES / "valid.json").read_bytes())


@pytest.fixture
def real_data() -> Path:
    """The folder of real news; skips where `DATELINE_DATA` does not name one."""
    folder = os.environ.get("DATELINE_DATA")
    if not folder:
        pytest.skip("DATELINE_DATA is not set: no real news to test on")
    return Path(folder)


@pytest.fixture
def small_corpus(tmp_path: Path, valid: Article) -> Corpus:
    """A corpus folder with three gold records, one per split, and a bible."""
    root = tmp_path / "corpus"
    folder = root / "articles" / "xx"
    folder.mkdir(parents=True)
    (root / "corpus.toml").write_text(
        'name = "small"\ntitle = "A small corpus"\nversion = "0.0.1"\nlicense = "cc0-1.0"\n'
    )
    (folder / "bible.toml").write_text(
        'code = "xx"\nvalidation_from = "2028-02-01"\ntest_from = "2028-03-01"\n'
    )
    corpus = Corpus(root)
    for number, month in enumerate(("01", "02", "03"), start=1):
        article_id = f"xx-000{number}"
        text = valid.text
        for words in SAME_LENGTH:
            text = text.replace(words[0], words[number - 1])
        (folder / f"{article_id}.txt").write_text(text, "utf-8", newline="")
        (folder / f"{article_id}.toml").write_text(
            f'id = "{article_id}"\ntheatre = "xx"\noutlet = "O"\npublished = "2028-{month}-10"\n'
            'genre = "wire"\nincidents = ["xx-i01"]\nlicense = "CC0"\n'
        )
        record = decode((CASES / "valid.json").read_bytes())
        article = corpus.article(article_id)
        layers = {
            name: getattr(record, name) for name in ("zones", "mentions", "events", "attributions")
        }
        full = replace(article, **layers)
        corpus.save(corpus.gold_path(article_id), full)
        for annotator in ("ann", "bob"):
            corpus.save(corpus.pass_path(annotator, article_id), full)
    return corpus
