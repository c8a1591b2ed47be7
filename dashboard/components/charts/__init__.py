"""Charts of a day, as Vega-Lite; each with the words that say the same without eyes."""
