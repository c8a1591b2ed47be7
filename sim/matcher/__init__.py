"""How faces compare: templates, galleries, kernels, searches. Synthetic people only."""
