"""Calls: a server held while a request queues at another station."""

from tests.contracts.engine.cases import Case, Simulate, events


def test_service_ends_when_both_parts_have(simulate: Simulate) -> None:
    """An answer later than the own service is waited for; an earlier one is not noticed."""
    case = Case().station("desk").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5}])
    case.passenger(0, serve=4, answer=[5]).passenger(1, serve=4, answer=[1])

    assert case.log(simulate) == events("""
        0  servers_changed      desk        =1
        0  servers_changed      vneid       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0     =1
        0  service_started   p0 desk v0 s0  =1
        1  arrived           p1
        1  queue_joined      p1 desk v0     =1
        2  queue_joined      p0 vneid v0    =1
        2  service_started   p0 vneid v0 s0 =1
        7  service_completed p0 vneid v0 s0 =1
        7  service_completed p0 desk v0 s0  =1
        7  service_started   p1 desk v0 s0  =1
        7  exited            p0
        9  queue_joined      p1 vneid v0    =1
        9  service_started   p1 vneid v0 s0 =1
        10 service_completed p1 vneid v0 s0 =1
        11 service_completed p1 desk v0 s0  =1
        11 exited            p1
    """)


def test_requests_wait_in_the_queue_of_the_called_station(simulate: Simulate) -> None:
    """Requests and passengers share a queue; the slow service is felt at every desk."""
    case = Case().station("desk", 2).station("officer")
    case.step("desk", calls=[{"station": "officer", "after_share": 0.0}]).step("officer")
    case.passenger(0, serve=[2, 6], answer=[3]).passenger(1, serve=[1, 1], answer=[3])

    assert case.log(simulate) == events("""
        0  servers_changed      desk          =2
        0  servers_changed      officer       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0       =1
        0  service_started   p0 desk v0 s0    =1
        0  queue_joined      p0 officer v0    =1
        0  service_started   p0 officer v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0       =1
        1  service_started   p1 desk v0 s1    =1
        1  queue_joined      p1 officer v0    =1
        3  service_completed p0 officer v0 s0 =1
        3  service_started   p1 officer v0 s0 =1
        3  service_completed p0 desk v0 s0    =1
        3  queue_joined      p0 officer v1    =1
        6  service_completed p1 officer v0 s0 =1
        6  service_started   p0 officer v1 s0 =1
        6  service_completed p1 desk v0 s1    =1
        6  queue_joined      p1 officer v1    =1
        12 service_completed p0 officer v1 s0 =1
        12 service_started   p1 officer v1 s0 =1
        12 exited            p0
        13 service_completed p1 officer v1 s0 =1
        13 exited            p1
    """)


def test_every_call_must_be_answered(simulate: Simulate) -> None:
    """Two calls run side by side; the service ends with the last answer."""
    case = Case().station("desk").station("vneid").station("police")
    calls = [{"station": "police", "after_share": 0.25}, {"station": "vneid", "after_share": 0.5}]
    case.step("desk", calls=calls).passenger(0, serve=4, answer=[6, 2])

    assert case.log(simulate) == events("""
        0 servers_changed      desk         =1
        0 servers_changed      vneid        =1
        0 servers_changed      police       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0      =1
        0 service_started   p0 desk v0 s0   =1
        1 queue_joined      p0 police v0    =1
        1 service_started   p0 police v0 s0 =1
        2 queue_joined      p0 vneid v0     =1
        2 service_started   p0 vneid v0 s0  =1
        4 service_completed p0 vneid v0 s0  =1
        7 service_completed p0 police v0 s0 =1
        7 service_completed p0 desk v0 s0   =1
        7 exited            p0
    """)


def test_call_at_the_end_of_service_follows_its_completion(simulate: Simulate) -> None:
    """A share of one sends the request when the own part is done; of a third, rounded down."""
    case = Case().station("desk").station("vneid", 2)
    calls = [{"station": "vneid", "after_share": share} for share in (1.0, 0.333333)]
    case.step("desk", calls=calls).passenger(0, serve=0.000_010, answer=[1, 1])

    assert case.log(simulate) == events("""
        0        servers_changed      desk        =1
        0        servers_changed      vneid       =2
        0        arrived           p0
        0        queue_joined      p0 desk v0     =1
        0        service_started   p0 desk v0 s0  =1
        0.000003 queue_joined      p0 vneid v0    =1
        0.000003 service_started   p0 vneid v0 s0 =1
        0.00001  queue_joined      p0 vneid v0    =1
        0.00001  service_started   p0 vneid v0 s1 =1
        1.000003 service_completed p0 vneid v0 s0 =1
        1.00001  service_completed p0 vneid v0 s1 =1
        1.00001  service_completed p0 desk v0 s0  =1
        1.00001  exited            p0
    """)


def test_timeout_takes_the_answer_as_good(simulate: Simulate) -> None:
    """A waiting request is withdrawn; one being served goes on, but nobody waits for it."""
    case = Case().station("desk", 2).station("vneid")
    call = {"station": "vneid", "after_share": 0.0, "timeout_s": 3.0, "on_timeout": "continue"}
    case.step("desk", calls=[call])
    case.passenger(0, serve=1, answer=[9]).passenger(1, serve=5, answer=[1])
    case.passenger(8, serve=1, answer=[1])

    assert case.log(simulate) == events("""
        0  servers_changed      desk        =2
        0  servers_changed      vneid       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0     =1
        0  service_started   p0 desk v0 s0  =1
        0  queue_joined      p0 vneid v0    =1
        0  service_started   p0 vneid v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0     =1
        1  service_started   p1 desk v0 s1  =1
        1  queue_joined      p1 vneid v0    =1
        3  call_timed_out    p0 vneid v0
        3  service_completed p0 desk v0 s0  =1
        3  exited            p0
        4  call_timed_out    p1 vneid v0
        6  service_completed p1 desk v0 s1  =1
        6  exited            p1
        8  arrived           p2
        8  queue_joined      p2 desk v0     =1
        8  service_started   p2 desk v0 s0  =1
        8  queue_joined      p2 vneid v0    =1
        9  service_completed p0 vneid v0 s0 =1
        9  service_started   p2 vneid v0 s0 =1
        10 service_completed p2 vneid v0 s0 =1
        10 service_completed p2 desk v0 s0  =1
        10 exited            p2
    """)


def test_answer_at_the_instant_of_the_timeout_counts(simulate: Simulate) -> None:
    """Completion comes before the end of patience, that of a server too."""
    case = Case().station("desk").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0, "timeout_s": 3.0}])
    case.passenger(0, serve=1, answer=[3])

    assert case.log(simulate) == events("""
        0 servers_changed      desk        =1
        0 servers_changed      vneid       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0     =1
        0 service_started   p0 desk v0 s0  =1
        0 queue_joined      p0 vneid v0    =1
        0 service_started   p0 vneid v0 s0 =1
        3 service_completed p0 vneid v0 s0 =1
        3 service_completed p0 desk v0 s0  =1
        3 exited            p0
    """)


def test_timeout_may_refer(simulate: Simulate) -> None:
    """Once the own part is done too, the passenger is referred as after a failed match."""
    case = Case().station("desk").station("vneid").station("help")
    call = {"station": "vneid", "after_share": 0.0, "timeout_s": 2.0, "on_timeout": "refer"}
    case.step("desk", calls=[call], on_reject="help", checks_in=True).step("help")
    case.passenger(0, serve=[5, 1], answer=[9])

    assert case.log(simulate) == events("""
        0 servers_changed      desk        =1
        0 servers_changed      vneid       =1
        0 servers_changed      help        =1
        0 arrived           p0
        0 queue_joined      p0 desk v0     =1
        0 service_started   p0 desk v0 s0  =1
        0 queue_joined      p0 vneid v0    =1
        0 service_started   p0 vneid v0 s0 =1
        2 call_timed_out    p0 vneid v0
        5 service_completed p0 desk v0 s0  =1
        5 referred          p0 desk v0     =1
        5 queue_joined      p0 help v1     =1
        5 service_started   p0 help v1 s0  =1
        6 service_completed p0 help v1 s0  =1
        6 exited            p0
        9 service_completed p0 vneid v0 s0 =1
    """)


def test_request_that_finds_a_full_queue_is_as_one_timed_out(simulate: Simulate) -> None:
    """It balks; the desk goes on, or refers, as on a timeout."""
    case = Case().station("desk", 2).station("gate").station("vneid", {0: 0}, queue_limit=0)
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.step("gate", calls=[{"station": "vneid", "after_share": 0.5, "on_timeout": "refer"}])
    case.passenger(0, serve=2, answer=[1])

    assert case.log(simulate) == events("""
        0 servers_changed      desk       =2
        0 servers_changed      gate       =1
        0 servers_changed      vneid
        0 arrived           p0
        0 queue_joined      p0 desk v0    =1
        0 service_started   p0 desk v0 s0 =1
        0 balked            p0 vneid v0
        2 service_completed p0 desk v0 s0 =1
        2 queue_joined      p0 gate v1    =1
        2 service_started   p0 gate v1 s0 =1
        3 balked            p0 vneid v1
        4 service_completed p0 gate v1 s0 =1
        4 referred          p0 gate v1    =1
        4 exited            p0
    """)


def test_every_attempt_calls_anew(simulate: Simulate) -> None:
    """The match is requested when the first call is sent, and decided when all is answered."""
    case = Case().gates("gate", attempts=2).station("vneid")
    case.step("gate", calls=[{"station": "vneid", "after_share": 0.5}])
    case.passenger(0, serve=4, retry=[2], accept=2, answer=[1, 3])

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =1
        0 servers_changed      vneid         =1
        0 arrived           p0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        2 match_requested   p0 gate v0 s0 r0 =1
        2 queue_joined      p0 vneid v0      =1
        2 service_started   p0 vneid v0 s0   =1
        3 service_completed p0 vneid v0 s0   =1
        4 match_rejected    p0 gate v0 s0 r0 =1
        5 match_requested   p0 gate v0 s0 r0 =2
        5 queue_joined      p0 vneid v0      =1
        5 service_started   p0 vneid v0 s0   =1
        8 service_completed p0 vneid v0 s0   =1
        8 match_accepted    p0 gate v0 s0 r0 =2
        8 service_completed p0 gate v0 s0    =1
        8 exited            p0
    """)


def test_match_without_an_answer_is_referred_or_taken_as_drawn(simulate: Simulate) -> None:
    """A refusing timeout ends the attempts without a verdict; a continuing one changes nothing."""

    def log(on_timeout: str) -> list[str]:
        case = Case().gates("gate", attempts=3).station("vneid")
        call = {"station": "vneid", "after_share": 0.5, "timeout_s": 1.0}
        case.step("gate", calls=[{**call, "on_timeout": on_timeout}])
        case.passenger(0, serve=2, retry=[4, 4], accept=2, answer=[3, 0, 0])
        return case.log(simulate)

    before = """
        0 servers_changed      gate          =1
        0 servers_changed      vneid         =1
        0 arrived           p0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        1 match_requested   p0 gate v0 s0 r0 =1
        1 queue_joined      p0 vneid v0      =1
        1 service_started   p0 vneid v0 s0   =1
        2 call_timed_out    p0 vneid v0
    """
    assert log("refer") == events(
        before
        + """
        2 service_completed p0 gate v0 s0    =1
        2 referred          p0 gate v0       =1
        2 exited            p0
        4 service_completed p0 vneid v0 s0   =1
        """
    )
    assert log("continue") == events(
        before
        + """
        2 match_rejected    p0 gate v0 s0 r0 =1
        4 service_completed p0 vneid v0 s0   =1
        4 match_requested   p0 gate v0 s0 r0 =2
        4 queue_joined      p0 vneid v0      =1
        4 service_started   p0 vneid v0 s0   =1
        4 service_completed p0 vneid v0 s0   =1
        6 match_accepted    p0 gate v0 s0 r0 =2
        6 service_completed p0 gate v0 s0    =1
        6 exited            p0
        """
    )


def test_only_the_first_call_listed_is_the_match(simulate: Simulate) -> None:
    """A second call beside it is not logged as another probe."""
    case = Case().gates("gate").station("matcher").station("vneid")
    calls = [{"station": "matcher", "after_share": 0.5}, {"station": "vneid", "after_share": 0.0}]
    case.step("gate", calls=calls).passenger(0, serve=2, answer=[1, 1])

    assert case.log(simulate) == events("""
        0 servers_changed      gate          =1
        0 servers_changed      matcher       =1
        0 servers_changed      vneid         =1
        0 arrived           p0
        0 queue_joined      p0 gate v0       =1
        0 service_started   p0 gate v0 s0    =1
        0 queue_joined      p0 vneid v0      =1
        0 service_started   p0 vneid v0 s0   =1
        1 service_completed p0 vneid v0 s0   =1
        1 match_requested   p0 gate v0 s0 r0 =1
        1 queue_joined      p0 matcher v0    =1
        1 service_started   p0 matcher v0 s0 =1
        2 service_completed p0 matcher v0 s0 =1
        2 match_accepted    p0 gate v0 s0 r0 =1
        2 service_completed p0 gate v0 s0    =1
        2 exited            p0
    """)


def test_paused_server_takes_no_answer_until_it_resumes(simulate: Simulate) -> None:
    """The answer at 6 finds the desk closed; the service ends when it opens at 9."""
    case = Case().station("desk", {0: 1, 3: 0, 9: 1}, closing="pause").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.passenger(0, serve=2, answer=[6]).passenger(1, serve=1, answer=[1])

    assert case.log(simulate) == events("""
        0  servers_changed      desk        =1
        0  servers_changed      vneid       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0     =1
        0  service_started   p0 desk v0 s0  =1
        0  queue_joined      p0 vneid v0    =1
        0  service_started   p0 vneid v0 s0 =1
        1  arrived           p1
        1  queue_joined      p1 desk v0     =1
        3  service_paused    p0 desk v0 s0  =1
        3  servers_changed      desk
        6  service_completed p0 vneid v0 s0 =1
        9  service_resumed   p0 desk v0 s0  =1
        9  servers_changed      desk        =1
        9  service_completed p0 desk v0 s0  =1
        9  service_started   p1 desk v0 s0  =1
        9  exited            p0
        9  queue_joined      p1 vneid v0    =1
        9  service_started   p1 vneid v0 s0 =1
        10 service_completed p1 vneid v0 s0 =1
        10 service_completed p1 desk v0 s0  =1
        10 exited            p1
    """)


def test_pause_puts_off_calls_not_yet_sent(simulate: Simulate) -> None:
    """A call due at half of the service is sent at half of it, the pause not counted."""
    case = Case().station("desk", {0: 1, 1: 0, 7: 1}, closing="pause").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5}])
    case.passenger(0, serve=4, answer=[3])

    assert case.log(simulate) == events("""
        0  servers_changed      desk        =1
        0  servers_changed      vneid       =1
        0  arrived           p0
        0  queue_joined      p0 desk v0     =1
        0  service_started   p0 desk v0 s0  =1
        1  service_paused    p0 desk v0 s0  =1
        1  servers_changed      desk
        7  service_resumed   p0 desk v0 s0  =1
        7  servers_changed      desk        =1
        8  queue_joined      p0 vneid v0    =1
        8  service_started   p0 vneid v0 s0 =1
        11 service_completed p0 vneid v0 s0 =1
        11 service_completed p0 desk v0 s0  =1
        11 exited            p0
    """)


def test_paused_server_still_waiting_resumes_to_wait(simulate: Simulate) -> None:
    """Opened again before the answer, the desk waits on; its own part is not done twice."""
    case = Case().station("desk", {0: 1, 3: 0, 4: 1}, closing="pause").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.passenger(0, serve=2, answer=[6])

    assert case.log(simulate) == events("""
        0 servers_changed      desk        =1
        0 servers_changed      vneid       =1
        0 arrived           p0
        0 queue_joined      p0 desk v0     =1
        0 service_started   p0 desk v0 s0  =1
        0 queue_joined      p0 vneid v0    =1
        0 service_started   p0 vneid v0 s0 =1
        3 service_paused    p0 desk v0 s0  =1
        3 servers_changed      desk
        4 service_resumed   p0 desk v0 s0  =1
        4 servers_changed      desk        =1
        6 service_completed p0 vneid v0 s0 =1
        6 service_completed p0 desk v0 s0  =1
        6 exited            p0
    """)


def test_request_of_an_abandoned_service_is_served_for_nobody(simulate: Simulate) -> None:
    """The desk fails at 2 and begins anew at 3 with a request of its own; the first goes on."""
    case = Case().station("desk").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5, "timeout_s": 3.0}])
    case.outage("desk", 2, 3).passenger(0, serve=2, answer=[4])

    assert case.log(simulate) == events("""
        0  servers_changed        desk        =1
        0  servers_changed        vneid       =1
        0  arrived             p0
        0  queue_joined        p0 desk v0     =1
        0  service_started     p0 desk v0 s0  =1
        1  queue_joined        p0 vneid v0    =1
        1  service_started     p0 vneid v0 s0 =1
        2  outage_started         desk
        2  service_interrupted p0 desk v0 s0  =1
        3  outage_ended           desk        =1
        3  service_started     p0 desk v0 s0  =1
        4  queue_joined        p0 vneid v0    =1
        5  service_completed   p0 vneid v0 s0 =1
        5  service_started     p0 vneid v0 s0 =1
        7  call_timed_out      p0 vneid v0
        7  service_completed   p0 desk v0 s0  =1
        7  exited              p0
        9  service_completed   p0 vneid v0 s0 =1
    """)


def test_failure_before_the_call_withdraws_it(simulate: Simulate) -> None:
    """A service abandoned before its request is sent sends none until it begins anew."""
    case = Case().station("desk").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.5}])
    case.outage("desk", 1, 6).passenger(0, serve=4, answer=[1])

    assert case.log(simulate) == events("""
        0  servers_changed        desk        =1
        0  servers_changed        vneid       =1
        0  arrived             p0
        0  queue_joined        p0 desk v0     =1
        0  service_started     p0 desk v0 s0  =1
        1  outage_started         desk
        1  service_interrupted p0 desk v0 s0  =1
        6  outage_ended           desk        =1
        6  service_started     p0 desk v0 s0  =1
        8  queue_joined        p0 vneid v0    =1
        8  service_started     p0 vneid v0 s0 =1
        9  service_completed   p0 vneid v0 s0 =1
        10 service_completed   p0 desk v0 s0  =1
        10 exited              p0
    """)


def test_failure_of_the_called_station_makes_the_caller_wait(simulate: Simulate) -> None:
    """The request goes back in line and is begun anew; the desk is held all the while."""
    case = Case().station("desk").station("vneid")
    case.step("desk", calls=[{"station": "vneid", "after_share": 0.0}])
    case.outage("vneid", 2, 6).passenger(0, serve=1, answer=[3])

    assert case.log(simulate) == events("""
        0 servers_changed        desk        =1
        0 servers_changed        vneid       =1
        0 arrived             p0
        0 queue_joined        p0 desk v0     =1
        0 service_started     p0 desk v0 s0  =1
        0 queue_joined        p0 vneid v0    =1
        0 service_started     p0 vneid v0 s0 =1
        2 outage_started         vneid
        2 service_interrupted p0 vneid v0 s0 =1
        6 outage_ended           vneid       =1
        6 service_started     p0 vneid v0 s0 =1
        9 service_completed   p0 vneid v0 s0 =1
        9 service_completed   p0 desk v0 s0  =1
        9 exited              p0
    """)
