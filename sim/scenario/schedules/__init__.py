"""The flights or trains of a day, as the files of airlines, railways and airports list them."""
