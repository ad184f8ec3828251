"""What the data is: the record, the ontology, the text, the corpus folder."""
