from radimpress.health.findings import Finding, fail, ok, warn


def test_what_is_not_ok_says_what_to_do():
    assert ok("disk", "9 GB") == Finding("disk", "ok", "9 GB", "")
    assert warn("disk", "1 GB", "free some").step == "free some"
    assert fail("disk", "0 GB", "free some").state == "fail"
