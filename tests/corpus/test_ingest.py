"""Raw articles in: plain text, HTML, and everything that is neither."""

import pytest
from dateline.corpus.errors import InputError
from dateline.corpus.ingest import add, read_raw
from dateline.corpus.schema import Meta
from dateline.corpus.store import Corpus

PAGE = """<!doctype html><html><head><title>x</title>
<meta property="og:title" content="Rebels take Kelm"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Rebels take Kelm</h1><p class="byline">By Lena Orvik</p>
<p>Rebels took the town of Kelm on Sunday after two days of fighting along the river road, a
monitoring group said, in the third such loss for the army in a week.</p>
<figure><img src="x"><figcaption>Fighters in Kelm. (Photo by Osk Brandt / MNA)</figcaption></figure>
<h2>Fuel runs out</h2><p>“We will go on,” their commander told Meridel News in a short call on
Monday morning from the town, adding that the bridge remained closed.</p></article></body></html>"""


@pytest.fixture
def corpus(tmp_path):
    return Corpus(tmp_path / "corpus")


def raw(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_text_is_normalised_and_ids_count_on(corpus, tmp_path):
    a = raw(tmp_path, "a.txt", "Kelm fell.\r\nThe army left.")
    b = raw(tmp_path, "b.txt", "Cafe\u0301")
    assert add(corpus, [a, b], "own", Meta(outlet="O")) == ["own-0001", "own-0002"]
    assert corpus.article("own-0001").text == "Kelm fell.\nThe army left.\n"
    assert corpus.article("own-0002").text == "Café\n"
    assert corpus.article("own-0002").meta == Meta(theatre="own", outlet="O")
    c = raw(tmp_path, "c.txt", "c")
    corpus.text_path("own-0002").unlink()
    corpus.split_path("test").parent.mkdir()
    corpus.split_path("test").write_text("own-0007\n")
    assert add(corpus, [c], "own", Meta()) == ["own-0008"]


def test_html_keeps_title_byline_and_captions(tmp_path):
    lines = read_raw(raw(tmp_path, "saved", PAGE)).splitlines()
    assert lines[:2] == ["Rebels take Kelm", "By Lena Orvik"]
    assert "Fighters in Kelm. (Photo by Osk Brandt / MNA)" in lines
    assert "Fuel runs out" in lines and "Home" not in lines


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n", "not UTF-8 at byte 0"),
        (b"text\0", "NUL character at 4"),
        (b" \n\n", "no text in it"),
        (b"<html><body></body></html>", "no article text found"),
    ],
)
def test_bad_files_are_refused_in_one_line(tmp_path, data, message):
    path = raw(tmp_path, "bad", data)
    with pytest.raises(InputError, match=message) as error:
        read_raw(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def test_nothing_is_added_if_one_file_is_bad(corpus, tmp_path):
    good, twice = raw(tmp_path, "a.txt", "Kelm fell."), raw(tmp_path, "b.txt", "Kelm fell.")
    with pytest.raises(InputError, match=r"b\.txt: this text is already there as 'own-0001'"):
        add(corpus, [good, twice], "own", Meta())
    with pytest.raises(InputError, match="No such file"):
        add(corpus, [good, tmp_path / "missing"], "own", Meta())
    assert corpus.ids() == []


def test_an_own_id(corpus, tmp_path):
    path = raw(tmp_path, "a.txt", "Kelm fell.")
    assert add(corpus, [path], "news", Meta(), article_id="news-2024-12-07") == ["news-2024-12-07"]
    with pytest.raises(InputError, match="not an article id"):
        add(corpus, [raw(tmp_path, "b.txt", "b")], "own", Meta(), article_id="../x")
