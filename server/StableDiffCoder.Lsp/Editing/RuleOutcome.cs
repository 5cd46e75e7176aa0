namespace StableDiffCoder.Lsp.Editing;

/// <summary>What a rule makes of a draft: another draft, or silence.</summary>
internal readonly record struct RuleOutcome
{
    private RuleOutcome(Draft draft, string? reason)
    {
        Draft = draft;
        Reason = reason;
    }

    /// <value>The draft to go on with; meaningless when silent.</value>
    public Draft Draft { get; }

    /// <value>Why nothing is suggested, without source text in it; null when the draft goes on.</value>
    public string? Reason { get; }

    /// <summary>Goes on with a draft.</summary>
    public static RuleOutcome Keep(Draft draft) => new(draft, null);

    /// <summary>Suggests nothing.</summary>
    public static RuleOutcome Silence(string reason) => new(default, reason);
}
