"""One rule opened beside the list: what it would have done, with examples, and a field for every value."""

from typing import Any

import reflex as rx

from pages.rules.guideline_words import did
from pages.ui.callout import error_callout
from pages.ui.link import link
from pages.ui.side_panel import side_head
from state.rules.guideline_form import RuleForm
from state.rules.guidelines import GuidelineEditor

_PANEL = GuidelineEditor.panel
_PAUSE = 300


def rule_panel() -> rx.Component:
    """Return the panel; nothing while no rule is open."""
    fields = rx.el.fieldset(
        rx.foreach(GuidelineEditor.fields, _field), disabled=~GuidelineEditor.may_edit, class_name="rule-fields"
    )
    panel = rx.el.aside(
        _head(),
        rx.el.div(
            error_callout(_PANEL.problem),
            rx.cond(GuidelineEditor.may_try, _examples()),
            fields,
            rx.cond(GuidelineEditor.may_edit, _verbs()),
            class_name="side-body",
        ),
        aria_label="Rule",
        class_name="side-panel rule-panel",
        id="rule-panel",
        custom_attrs={"data-opened": _PANEL.key},
    )
    return rx.cond(_PANEL.key != "", panel)


def _head() -> rx.Component:
    title = f"Rule {_PANEL.number} · {_PANEL.title}"
    return side_head(title, _PANEL.description, close_label="Close the rule", on_close=GuidelineEditor.close_rule)


def _examples() -> rx.Component:
    result = rx.foreach(
        GuidelineEditor.cards,
        lambda card: rx.cond((card.key == _PANEL.key) & (card.did != ""), did(card)),
    )
    listed = rx.el.ul(rx.foreach(GuidelineEditor.examples, _example), class_name="rule-examples")
    return rx.el.div(result, rx.cond(GuidelineEditor.examples.length() > 0, listed), class_name="rule-result")


def _example(one: Any) -> rx.Component:  # noqa: ANN401 -- a row's Var
    where = rx.cond(
        one.href != "", link(one.reference, href=one.href, class_name="text-link"), rx.el.span(one.reference)
    )
    return rx.el.li(where, " ", rx.el.span(one.line, class_name="muted"), rx.el.p(one.sentence))


def _field(field: Any) -> rx.Component:  # noqa: ANN401
    problem = rx.cond(
        field.problem != "",
        rx.el.p(rx.icon("circle-alert", size=13, aria_hidden="true"), field.problem, class_name="field-problem"),
    )
    hint = rx.cond(field.hint != "", rx.el.p(field.hint, class_name="field-hint"))
    control = rx.match(
        field.control,
        ("switch", _switch(field)),
        ("choices", _choices(field)),
        ("amounts", _amounts(field)),
        _labelled(field),
    )
    return rx.el.div(
        control,
        hint,
        rx.el.div(problem, id=f"problem-{field.form_key}", aria_live="polite"),
        key=field.form_key,
        class_name="rule-field",
    )


def _labelled(field: Any) -> rx.Component:  # noqa: ANN401
    label = rx.el.span(
        field.label,
        rx.cond(field.unit != "", rx.el.span(f" in {field.unit}", class_name="muted")),
        class_name="field-label",
    )
    control = rx.match(
        field.control,
        ("number", rx.el.input(input_mode="decimal", max_length=20, auto_complete="off", **_typed(field))),
        ("date", rx.el.input(type="date", **_typed(field))),
        ("choice", _choice(field)),
        ("phrases", rx.el.textarea(rows="5", max_length=8000, **_typed(field))),
        ("codes", rx.el.textarea(rows="2", max_length=2000, spell_check=False, **_typed(field))),
        rx.el.input(max_length=200, auto_complete="off", **_typed(field)),
    )
    return rx.el.label(label, control, class_name="field-block")


def _typed(field: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return what every field has in which somebody types: a pause or leaving it sends what it holds."""
    return {
        "name": field.name,
        "default_value": field.text,
        "on_change": lambda text: RuleForm.type_text(_PANEL.key, field.name, text).debounce(_PAUSE),
        "on_blur": lambda text: RuleForm.type_text(_PANEL.key, field.name, text),
        "class_name": "field",
        "custom_attrs": _marked(field),
    }


def _marked(field: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "aria-invalid": rx.cond(field.problem != "", "true", "false"),
        "aria-describedby": f"problem-{field.form_key}",
    }


def _choice(field: Any) -> rx.Component:  # noqa: ANN401
    return rx.el.select(
        rx.foreach(field.options, lambda one: rx.el.option(one.words, value=one.value)),
        name=field.name,
        default_value=field.text,
        on_change=lambda text: RuleForm.type_text(_PANEL.key, field.name, text),
        class_name="field",
        custom_attrs=_marked(field),
    )


def _switch(field: Any) -> rx.Component:  # noqa: ANN401
    box = rx.el.input(
        type="checkbox",
        name=field.name,
        checked=field.is_on,
        on_change=lambda is_on: RuleForm.switch(_PANEL.key, field.name, is_on),
    )
    return rx.el.label(box, field.label, class_name="rule-switch")


def _choices(field: Any) -> rx.Component:  # noqa: ANN401
    boxes = rx.foreach(
        field.options,
        lambda one: rx.el.label(
            rx.el.input(
                type="checkbox",
                checked=one.is_on,
                on_change=lambda is_on: RuleForm.choose(_PANEL.key, field.name, one.value, is_on),
            ),
            one.words,
            class_name="rule-switch",
        ),
    )
    return rx.el.div(
        rx.el.p(field.label, class_name="field-label"),
        boxes,
        role="group",
        aria_label=field.label,
        class_name="rule-group",
    )


def _amounts(field: Any) -> rx.Component:  # noqa: ANN401
    add = rx.el.button(
        "Add a row", type="button", on_click=RuleForm.add_pair(_PANEL.key, field.name), class_name="text-button"
    )
    return rx.el.div(
        rx.el.p(
            field.label,
            rx.cond(field.unit != "", rx.el.span(f" in {field.unit}", class_name="muted")),
            class_name="field-label",
        ),
        rx.foreach(field.pairs, lambda pair: _pair(field, pair)),
        rx.cond(GuidelineEditor.may_edit, add),
        role="group",
        aria_label=field.label,
        class_name="rule-group",
    )


def _pair(field: Any, pair: Any) -> rx.Component:  # noqa: ANN401
    def sends(part: str) -> dict[str, Any]:
        return {
            "on_change": lambda text: RuleForm.type_pair(_PANEL.key, field.name, pair.place, part, text).debounce(
                _PAUSE
            ),
            "on_blur": lambda text: RuleForm.type_pair(_PANEL.key, field.name, pair.place, part, text),
        }

    chosen = rx.el.select(
        rx.el.option("", value=""),
        rx.foreach(field.options, lambda one: rx.el.option(one.words, value=one.value)),
        default_value=pair.key,
        on_change=lambda text: RuleForm.type_pair(_PANEL.key, field.name, pair.place, "key", text),
        aria_label="For",
        class_name="field",
    )
    code = rx.el.input(default_value=pair.key, max_length=20, aria_label="Code", class_name="field", **sends("key"))
    amount = rx.el.input(
        default_value=pair.amount,
        input_mode="decimal",
        max_length=20,
        aria_label=f"{field.label}, {pair.key}",
        class_name="field",
        **sends("amount"),
    )
    out = rx.el.button(
        rx.icon("x", size=15, aria_hidden="true"),
        type="button",
        aria_label=f"Take {pair.key} out",
        on_click=RuleForm.remove_pair(_PANEL.key, field.name, pair.place),
        class_name="icon-button",
    )
    return rx.el.div(
        rx.cond(field.options.length() > 0, chosen, code),
        amount,
        rx.cond(GuidelineEditor.may_edit, out),
        key=f"{field.form_key}-{pair.place}",
        class_name="rule-pair",
    )


def _verbs() -> rx.Component:
    key = _PANEL.key
    return rx.el.div(
        _verb("arrow-up", "Move up", GuidelineEditor.move(key, -1), is_off=_PANEL.is_first),
        _verb("arrow-down", "Move down", GuidelineEditor.move(key, 1), is_off=_PANEL.is_last),
        _verb("copy", "Duplicate", GuidelineEditor.duplicate(key)),
        _verb("trash-2", "Take out", GuidelineEditor.remove(key)),
        class_name="line-verbs",
    )


def _verb(icon: str, label: str, event: Any, *, is_off: rx.Var[bool] | bool = False) -> rx.Component:  # noqa: ANN401
    return rx.button(
        rx.icon(icon, size=14, aria_hidden="true"),
        label,
        type="button",
        size="1",
        variant="surface",
        color_scheme="gray",
        disabled=is_off,
        on_click=event,
    )
