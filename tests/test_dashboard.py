"""The dashboard says what is known, with n and interval, and shows the texts behind it."""

import json
import re

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reviews import charts
from reviews.evidence import Evidence, evidence_of
from reviews.findings import SPACE, alignment_finding, finding, loss_finding, share
from reviews.models import Gate, Item, Round, Task
from tests.judged import score, vote
from tests.pages import text, where
from training.models import LossPoint, Measurement, ModelVersion, Run, Sample, Snapshot


def figure(answer, key):
    found = re.search(rf'<script id="{key}" type="application/json">(.*?)</script>', answer.content.decode())
    return json.loads(found[1]) if found else None


@pytest.fixture
def judged(voice, base_version, first_version, make_brief, make_sample, cora):
    """Twenty test briefs: the first version rated 4 or 5 on 18 of them, the base on 4; 15 blind wins, 2 ties."""
    for number in range(20):
        brief = make_brief(f"bun {number:02}")
        old, new = make_sample(base_version, brief), make_sample(first_version, brief)
        score(old, cora, 5 if number < 4 else 2)
        score(new, cora, 3 if number < 2 else 4)
        vote(new, old, cora, "left" if number < 15 else "equal" if number < 17 else "right")
    Gate.objects.create(version=first_version, against=base_version, alignment_target=0.85)
    for version, value in ((base_version, 0.2), (first_version, 0.3)):
        Measurement.objects.create(
            version=version, name="rougeL", value=value, low=value - 0.1, high=value + 0.1, n=20, signature="rouge:1"
        )
        Measurement.objects.create(
            version=version, name="bleu", value=50 * value, low=1, high=20, n=20, signature="bleu:2"
        )


def test_before_the_first_run_it_says_what_comes(client, ada, voice):
    client.force_login(ada)
    page = text(client.get(where("dashboard", voice)))
    assert "Nothing to compare yet" in page
    assert "plotly" not in page


def test_the_heading_is_the_finding(client, ada, voice, judged):
    client.force_login(ada)
    page = text(client.get(where("dashboard", voice)))
    assert "<h1>On voice: 90 % (70–97) of 20 texts, target 85 %: not settled yet</h1>" in page
    assert "It wins beyond chance" not in page
    assert "No version passes 85 % beyond doubt; Version 1 is the highest, 90 % (70–97)" in page
    assert "Version 1 neither wins nor loses beyond chance against base model: 80 %" in page
    assert "Version 1: accuracy 4.0 (4.0–4.0), creativity 3.0 (3.0–3.0) of 5, n = 20 texts" in page
    assert "ROUGE-L 30.0 (20.0–40.0), BLEU 15.0 (1.0–20.0) of 100, n = 20 texts" in page
    assert "ROUGE rouge:1. BLEU bleu:2" in page
    assert "Practice briefs may have been trained on" in page


def test_each_chart_stands_with_its_figures_as_a_table(client, ada, voice, judged):
    client.force_login(ada)
    answer = client.get(where("dashboard", voice))
    page = text(answer)
    assert figure(answer, "alignment")["data"][0]["y"] == [20.0, 90.0]
    assert figure(answer, "wins")["data"][0]["y"] == [80.0]
    assert page.count("The same as a table") == 4
    assert '<td class="number">20 % (8–42)</td> <td class="number">20</td>' in page
    for key in re.findall(r'data-chart="([^"]+)"', page):
        assert figure(answer, key), key


def test_the_page_keeps_to_the_policy(client, ada, voice, judged):
    client.force_login(ada)
    page = text(client.get(where("dashboard", voice)))
    assert page.index("plotly.js-style-global") < page.index("plotly.min.js")
    assert " style=" not in page and "<style" not in page
    inline = [tag for tag in re.findall(r"<script[^>]*>", page) if "src=" not in tag and "application/json" not in tag]
    assert inline == []


def test_the_losses_of_the_newest_version_are_shown(client, ada, voice, first_version):
    snapshot = Snapshot.objects.create(voice=voice, digest="0" * 64)
    run = Run.objects.create(voice=voice, snapshot=snapshot, state="finished", base_model="b")
    ModelVersion.objects.filter(pk=first_version.pk).update(run=run)
    for step, loss in ((0, 3.0), (10, 2.0), (20, 2.5)):
        LossPoint.objects.create(run=run, stage="supervised", step=step, train_loss=loss, validation_loss=loss)
    client.force_login(ada)
    answer = client.get(where("dashboard", voice))
    assert "Validation loss fell from 3.00 to 2.00, lowest at step 10 of 20" in text(answer)
    assert figure(answer, "losses-supervised")["data"][1]["y"] == [3.0, 2.0, 2.5]


def test_a_demo_says_that_it_is_one(client, ada, voice, judged):
    client.force_login(ada)
    assert "Demo data" not in text(client.get(where("dashboard", voice)))
    voice.client.is_demo = True
    voice.client.save()
    assert "Made-up judgements count in every figure on this page." in text(client.get(where("dashboard", voice)))


def test_only_a_lead_sees_promote_and_roll_back(client, ada, lena, voice, judged):
    new = ModelVersion.objects.create(voice=voice, kind="adapter", number=2, base_model="b", adapter="v2")
    client.force_login(ada)
    assert where("promote", voice, new.pk) not in text(client.get(where("dashboard", voice)))
    client.force_login(lena)
    page = text(client.get(where("dashboard", voice)))
    assert page.count(where("promote", voice, new.pk)) == 1
    assert "Roll back to base model" in page and "Promote version 2" in page


def test_the_csv_holds_the_same_figures(client, ada, voice, judged):
    client.force_login(ada)
    lines = client.get(where("dashboard", voice), {"format": "csv"}).content.decode().splitlines()
    header, base, new = (line.split(",") for line in lines)
    row = dict(zip(header, new, strict=True))
    assert (row["version"], row["texts scored"], row["alignment"], row["win rate"]) == ("Version 1", "20", "0.9", "0.8")
    assert dict(zip(header, base, strict=True))["win rate"] == ""


def test_the_dashboard_costs_the_same_queries_at_2_and_at_20_versions(client, ada, voice, judged, make_brief, cora):
    client.force_login(ada)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(where("dashboard", voice)).status_code == 200
        return len(seen)

    few = queries()
    briefs = list(voice.briefs.all())
    for number in range(2, 20):
        version = ModelVersion.objects.create(voice=voice, kind="adapter", number=number, base_model="b", adapter="x")
        Sample.objects.bulk_create(Sample(version=version, brief=brief, text="x", seed=1) for brief in briefs[:10])
        for sample in version.samples.all():
            score(sample, cora, 4)
    assert Sample.objects.count() >= 200
    Gate.objects.create(version=version, alignment_target=0.85)
    assert queries() == few


def test_the_texts_are_listed_weakest_first_and_open_side_by_side(client, ada, voice, judged, first_version, make_pair):
    client.force_login(ada)
    answer = client.get(where("dashboard", voice))
    first = answer.context["texts"][0]
    assert first[0].topic == "bun 00" and first[1] == [5.0, 3.0]
    assert "written by each version: version 1’s weakest first" in text(answer)
    make_pair("unused")
    page = text(client.get(where("brief", voice, first[0].pk)))
    assert "Copy by 0 about bun 00." in page and "Copy by 1 about bun 00." in page
    assert "Brand voice 5, accuracy 4, creativity 3, overall 4" in page


def test_a_brief_shows_the_clients_own_copy(client, ada, voice, first_version, make_brief, make_pair, make_sample):
    brief = make_brief("a rye loaf", split="test")
    make_sample(first_version, brief)
    brief.pairs.create(voice=voice, output="Rye, and nothing but.", status="validated")
    client.force_login(ada)
    page = text(client.get(where("brief", voice, brief.pk)))
    assert "The client&#x27;s own copy" in page or "The client's own copy" in page
    assert "Rye, and nothing but." in page


def test_a_reviewer_stays_blind_until_the_brief_is_judged(
    client, cora, ada, voice, base_version, first_version, make_brief, make_sample
):
    brief = make_brief("a bun")
    new, old = make_sample(first_version, brief), make_sample(base_version, brief)
    work = Round.objects.create(voice=voice, purpose="compare")
    item = Item.objects.create(round=work, position=0, sample=new, other=old)
    client.force_login(cora)
    page = text(client.get(where("brief", voice, brief.pk)))
    assert "Your blind work comes first" in page and "Version 1" not in page and new.text not in page
    client.force_login(ada)
    assert new.text in text(client.get(where("brief", voice, brief.pk)))
    Task.objects.create(item=item, reviewer=cora, state="done", expires_at=item.round.created_at)
    client.force_login(cora)
    assert new.text in text(client.get(where("brief", voice, brief.pk)))


def test_a_practice_brief_says_that_it_counts_nowhere(client, ada, voice, first_version, make_brief, make_sample):
    brief = make_brief("a bun", split="train")
    make_sample(first_version, brief)
    client.force_login(ada)
    assert "its scores count in no figure" in text(client.get(where("brief", voice, brief.pk)))


def test_simulated_scores_are_not_shown_beside_a_text(client, ada, voice, first_version, make_sample, cora):
    sample = make_sample(first_version)
    score(sample, cora, 5, origin="simulated")
    client.force_login(ada)
    assert "Not scored yet." in text(client.get(where("brief", voice, sample.brief.pk)))


@pytest.mark.parametrize(
    ("good", "total", "words"),
    [(24, 24, "reached"), (21, 24, "not settled yet"), (10, 24, "not reached")],
)
def test_a_finding_says_no_more_than_the_interval_allows(good, total, words, first_version):
    row = Evidence(first_version, scored=total, on_voice=good)
    assert finding(row, 0.85).endswith(f"target 85{SPACE}%: {words}")

    def highest(good, interval):
        return f"Version 1 is the highest, {share(good / 24, interval)}"

    expected = {
        "reached": f"Version 1 passes the 85{SPACE}% line",
        "not settled yet": f"No version passes 85{SPACE}% beyond doubt; {highest(21, (0.69, 0.96))}",
        "not reached": f"No version reaches 85{SPACE}%; {highest(10, (0.24, 0.61))}",
    }
    assert alignment_finding([row], 0.85) == expected[words]


def test_a_loss_that_never_fell_is_called_so():
    points = [LossPoint(step=step, validation_loss=loss) for step, loss in ((0, 2.0), (5, 2.5))]
    assert loss_finding(points) == "Validation loss never fell below its first 2.00"


def test_a_loss_that_is_still_on_its_way_is_not_judged():
    assert loss_finding([LossPoint(step=3, train_loss=2.0)], is_over=False) == "Not checked on validation data yet"
    assert loss_finding([LossPoint(step=3, train_loss=2.0)]) == "Nothing was held out to check the loss on"
    first = [LossPoint(step=35, validation_loss=2.0)]
    assert loss_finding(first, is_over=False) == "Validation loss is 2.00 at step 35"


def test_plotly_finds_every_style_sheet_it_would_add(client, ada, voice, judged):
    """Its script adds a <style> for each id that no element of the page has; the policy would refuse that."""
    script = (settings.PLOTLY / "plotly.min.js").read_text(encoding="utf-8")
    wanted = set(re.findall(r'getElementById\("(\w{64})"\)\)\{var \w+=document\.createElement\("style"\)', script))
    assert wanted
    client.force_login(ada)
    page = text(client.get(where("dashboard", voice)))
    assert all(f'id="{one}"' in page for one in wanted)


def test_a_lead_may_look_before_judging_but_is_asked_first(
    client, lena, voice, base_version, first_version, make_brief, make_sample
):
    brief = make_brief("a bun")
    new, old = make_sample(first_version, brief), make_sample(base_version, brief)
    work = Round.objects.create(voice=voice, purpose="compare")
    Item.objects.create(round=work, position=0, sample=new, other=old)
    client.force_login(lena)
    address = where("brief", voice, brief.pk)
    assert new.text not in text(client.get(address))
    assert new.text in text(client.get(address, {"look": "yes"}))


def test_a_copywriter_cannot_look_first(client, cora, voice, first_version, make_brief, make_sample):
    new = make_sample(first_version, make_brief("a bun"))
    Item.objects.create(round=Round.objects.create(voice=voice, purpose="score"), position=0, sample=new)
    client.force_login(cora)
    assert new.text not in text(client.get(where("brief", voice, new.brief.pk), {"look": "yes"}))


def test_a_text_and_a_compared_brief_count_once_however_many_people_judged(
    voice, base_version, first_version, make_brief, make_sample, cora, carl
):
    Gate.objects.create(version=first_version, against=base_version, alignment_target=0.85)
    third = ModelVersion.objects.create(voice=voice, kind="adapter", number=2, base_model="b", adapter="v2")
    for number, (hers, his) in enumerate([("left", "left"), ("left", "right"), ("both_bad", "left")]):
        brief = make_brief(f"bun {number}")
        new, old = make_sample(first_version, brief), make_sample(base_version, brief)
        for person, verdict, rating in ((cora, hers, 5), (carl, his, 3 if number else 2)):
            vote(new, old, person, verdict)
            score(new, person, rating)
        vote(make_sample(third, brief), new, cora, "left")  # another rivalry
    row = evidence_of(voice)[1]
    assert (row.scored, row.on_voice, row.wins, row.ties, row.losses) == (3, 2, 2, 1, 0)
    assert row.criteria["brand_voice"].value == pytest.approx((3.5 + 4 + 4) / 3)


def test_a_draft_is_not_called_the_clients_own_copy(client, ada, voice, make_brief):
    brief = make_brief("a rye loaf", split="validation")
    brief.pairs.create(voice=voice, output="A model wrote this.", status="validated", made="score")
    client.force_login(ada)
    page = text(client.get(where("brief", voice, brief.pk)))
    assert "A draft that was rated well" in page and "own copy" not in page


def test_while_the_newest_is_unscored_the_one_before_it_gives_the_order(client, ada, voice, judged):
    ModelVersion.objects.create(voice=voice, kind="adapter", number=2, base_model="b", adapter="v2")
    client.force_login(ada)
    answer = client.get(where("dashboard", voice))
    assert "version 1’s weakest first" in text(answer)
    assert answer.context["texts"][0][1] == [5.0, 3.0, None]


def test_a_stage_of_a_single_step_shows_its_loss_as_a_mark():
    points = [LossPoint(stage="preference", step=step, train_loss=0.7) for step in (1, 2)]
    shown = [charts.losses(points[:count])["data"][0]["mode"] for count in (1, 2)]
    assert shown == ["lines+markers", "lines"]
