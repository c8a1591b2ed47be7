"""How synthetic faces compare: templates, galleries, kernels, searches."""
