"""Forms about the public page."""

from django import forms

from foundation.forms.base import PortalForm


class PublicPageForm(PortalForm):
    button = "Save the words"
    versioned = True
    summary = forms.CharField(
        max_length=2000, widget=forms.Textarea, label="Summary",
        help_text="What the partnership does, for somebody who has never heard of it. Short sentences, everyday words, "
        "no abbreviations. No names of people and no e-mail addresses.",
    )  # fmt: skip
    who_for = forms.CharField(
        max_length=200, label="Who it is for", help_text="For example “People over 65 who live alone”."
    )
    take_part = forms.CharField(
        max_length=1500, required=False, widget=forms.Textarea(attrs={"rows": 4}), label="How to take part",
        help_text="Where people can come, and how to ask for what they need to be able to come.",
    )  # fmt: skip
    sponsor_post = forms.CharField(
        max_length=150, required=False, label="Sponsor’s post",
        help_text="The post, never the name, for example “Head of Commissioning”. Leave it empty to say nothing.",
    )  # fmt: skip
    shows_vision = forms.BooleanField(
        required=False, label="Show the vision and values",
        help_text="As they stand on the overview; a later change shows at once.",
    )  # fmt: skip
    takes_ideas = forms.BooleanField(
        required=False, label="Let people send ideas and comments",
        help_text="Without an account. Only those who may write in the registers see them, until one of them decides.",
    )  # fmt: skip


class PublishPageForm(PortalForm):
    """Nothing to type: the preview stands below it."""

    button = "Publish the page"
    versioned = True


class TakeDownForm(PortalForm):
    button = "Take the page down"
    danger = True
    versioned = True
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Everyone in the partnership can read it."
    )
