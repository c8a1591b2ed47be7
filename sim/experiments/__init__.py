"""How sure we are: days simulated again under the same chances, compared as days."""
