"""Judgements as people leave them, for tests about what the pages make of them."""

from reviews.models import Comparison, Score


def score(sample, reviewer, brand_voice, accuracy=4, creativity=3, overall=4, origin="human"):
    return Score.objects.create(
        sample=sample,
        reviewer=reviewer,
        brand_voice=brand_voice,
        accuracy=accuracy,
        creativity=creativity,
        overall=overall,
        origin=origin,
    )


def vote(left, right, reviewer, verdict, origin="human"):
    return Comparison.objects.create(left=left, right=right, reviewer=reviewer, verdict=verdict, origin=origin)
