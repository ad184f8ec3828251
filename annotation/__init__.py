"""How text becomes records: interface, Label Studio, agreement, adjudication."""
