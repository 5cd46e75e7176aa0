namespace StableDiffCoder.Lsp.Editing;

/// <summary>One reason to change a model's text, or to suggest nothing. Pure, and never throws, whatever the text.</summary>
internal interface IEditingRule
{
    /// <value>Its name in logs, statistics and tests.</value>
    string Name { get; }

    /// <summary>Judges a draft.</summary>
    RuleOutcome Apply(EditContext context, Draft draft);
}

/// <summary>A rule that looks at the place alone, so that no model need run when it says no.</summary>
internal interface IPlaceRule
{
    /// <value>Its name in logs, statistics and tests.</value>
    string Name { get; }

    /// <summary>Why nothing is suggested at a place; null when something may be.</summary>
    string? Refuse(EditContext context);
}
