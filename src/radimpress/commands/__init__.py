"""The commands of `radimpress`, by what they are about; `radimpress.cli` puts them together."""
