"""Found by Hydra (and so by DVC's composition): registers the schema and the conf_digest resolver.

`hydra.plugins_path = src` in .dvc/config puts this folder's parent on the path and then takes it
off again, so the import must happen here and now.
"""

from radimpress.config.register import register

register()
