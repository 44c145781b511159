from radimpress.commands.console import out


def test_numbers_and_paths_are_printed_as_they_are():
    with out.capture() as captured:
        out.print("version 12 of /work/x: 0.5")
    assert captured.get() == "version 12 of /work/x: 0.5\n"
