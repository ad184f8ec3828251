"""The dataset card, `hub/README.md`: YAML that the Hub and `datasets` read, and text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import yaml

from .ontology import ontology
from .schema import Article
from .stats import counts
from .store import Info
from .tables import ROWS

_TEXT: Final = """
# {title}

Version {version}. Articles on invented conflicts, annotated for **entities**, **events**
(30 types, arguments, realis, incidents) and **attributions** (source, cue, content, act,
nesting), so that one can ask of every event: according to whom?

The texts are invented. They were written, annotated in two independent passes and adjudicated
by language models; see DATASHEET.md in the project's repository for what follows from that.

```python
from datasets import load_dataset

entities = load_dataset({where!r}, "entities")
```

| config | a row is |
|---|---|
| `articles` | one article: the whole record, all layers, offsets in code points |
| `entities` | one sentence: tokens, offsets, BIO tags of the entity layer |
| `events` | one event: trigger, type, realis, incident, arguments |
| `attributions` | one attribution: sources, cue, content, quoted parts, recipients, act, parent |
| `claims` | one event and one of its sources: who did what, where, when, according to whom |

{table}

The split is fixed: later articles are validation and test. Score predictions with
`dateline score`; a submission is a JSON lines file of records like those of `articles`.
"""


def card(info: Info, splits: Mapping[str, Sequence[Article]]) -> str:
    """The card for the given splits; the same input gives the same bytes."""
    front: dict[str, Any] = {
        "pretty_name": info.title,
        "language": ["en"],
        "license": info.license,
        "annotations_creators": ["machine-generated"],
        "language_creators": ["machine-generated"],
        "multilinguality": ["monolingual"],
        "size_categories": ["n<1K"],
        "source_datasets": ["original"],
        "task_categories": ["token-classification"],
        "task_ids": ["named-entity-recognition"],
        "tags": ["event-extraction", "attribution", "news", "conflict", "synthetic"],
        "configs": [
            {
                "config_name": config,
                "data_files": [
                    {"split": split, "path": f"{config}/{split}.parquet"} for split in splits
                ],
                **({"default": True} if config == "articles" else {}),
            }
            for config in ROWS
        ],
    }
    head = yaml.safe_dump(front, sort_keys=False, allow_unicode=True, width=100)
    body = _TEXT.format(
        title=info.title, version=info.version, where=info.name, table=_table(splits)
    )
    return f"---\n{head}---\n{body}"


def _table(splits: Mapping[str, Sequence[Article]]) -> str:
    by_split = {split: counts(articles) for split, articles in splits.items()}
    lines = ["| | " + " | ".join(by_split) + " |", "|---" * (len(by_split) + 1) + "|"]
    for name in next(iter(by_split.values())):
        lines.append(f"| {name} | " + " | ".join(f"{c[name]:,}" for c in by_split.values()) + " |")
    lines.append(
        f"\n{len(ontology().entities)} entity types, {len(ontology().events)} event types."
    )
    return "\n".join(lines)
