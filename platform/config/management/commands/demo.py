"""`manage.py demo`: the site with drawn clips, consents, a campaign and annotators at work."""

from django.db import connections

from active_learning.models import Round
from annotation.models import Campaign
from config import demo
from config.management.commands import up
from config.supervisor import Child, Supervisor

ROUND_PATIENCE = 180.0


class Command(up.Command):
    help = "Fills an installation with the demo and runs it until Ctrl-C."

    def _prepare(self) -> None:
        super()._prepare()
        self.campaign: Campaign = demo.seed(self._say)
        connections.close_all()

    def _start(self, supervisor: Supervisor, host: str, port: int) -> None:
        super()._start(supervisor, host, port)
        url = f"http://{up.reachable(host)}:{port}"
        supervisor.children.append(Child("annotators", [str(self.campaign.pk), url]))
        self._say("Simulated annotators begin to label; the first learning round follows ...")
        self._await_round(supervisor)
        self._say(self._farewell(url))

    def _await_round(self, supervisor: Supervisor) -> None:
        patience = ROUND_PATIENCE
        while not supervisor.stopping and patience > 0:
            supervisor.step()
            patience -= 0.1
            if done := demo.wait_for_round(self.campaign, 0.5):
                self._say(f"Round {done.number} is done: {_outcome(done)}")
                return
            patience -= 0.5
        if not supervisor.stopping:
            self._say("No learning round is done yet; the campaign's page will show it.")

    def _farewell(self, url: str) -> str:
        lines = [f"  {login.role.label:<17} {login.email}" for login in demo.LOGINS]
        return "\n".join(
            [
                "",
                f"The demo is at {url}/ (Ctrl-C stops it). Sign in with one of:",
                *lines,
                f"  password          {demo.password()}",
                "",
            ]
        )


def _outcome(done: Round) -> str:
    if why := done.metrics.get("cold_start"):
        return f"it spread the queue out, for the learner may not choose yet. {why}"
    return "the learner now orders the queue."
