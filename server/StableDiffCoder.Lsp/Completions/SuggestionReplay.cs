using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// What the server would suggest unasked at a place of a text, without a client: for measurements. The model runs once; then it can be
/// seen what becomes of its text with and without each editing rule.
/// </summary>
public sealed class SuggestionReplay
{
    private readonly CompletionPlace place;
    private readonly InfilledSpan? written;
    private readonly Silence? refusal;

    private SuggestionReplay(CompletionPlace place, InfilledSpan? written, Silence? refusal)
    {
        this.place = place;
        this.written = written;
        this.refusal = refusal;
    }

    /// <summary>Names of all editing rules, in their order.</summary>
    public static IReadOnlyList<string> RuleNames => EditingPipeline.Inline.RuleNames;

    /// <summary>Asks the model at a place, as often as the server would: not at all where a rule refuses it.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="text">The whole file.</param>
    /// <param name="languageId">As a client names the language: "csharp".</param>
    /// <param name="cursor">Offset of the cursor.</param>
    /// <param name="options">How the server behaves; eagerness is left to the reader of the result.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    public static async Task<SuggestionReplay> RunAsync(
        IInfillEngine engine,
        string text,
        string languageId,
        int cursor,
        LanguageServerOptions options,
        CancellationToken cancellationToken
    )
    {
        LanguageServerOptions eager = options with { InlineCompletion = options.InlineCompletion with { Eagerness = 1 } };
        var snapshot = new DocumentSnapshot("file:///replayed", languageId, 1, text, CancellationToken.None);
        var place = new CompletionPlace(snapshot, cursor, invoked: false, eager);
        if (EditingPipeline.Inline.Refuse(place.Context) is Silence refusal)
        {
            return new SuggestionReplay(place, null, refusal);
        }
        return new SuggestionReplay(place, await Completer.FillAsync(place, engine, place.Request, cancellationToken), null);
    }

    /// <summary>What would be suggested.</summary>
    /// <param name="withoutRule">Name of a rule to leave out; null for none. A rule that refused the place cannot be left out.</param>
    public ReplayedSuggestion Suggestion(string? withoutRule = null)
    {
        if (written is null)
        {
            return new ReplayedSuggestion(null, 0, refusal!.Rule, [refusal.Rule]);
        }
        EditingPipeline rules = withoutRule is null ? EditingPipeline.Inline : EditingPipeline.Inline.Without(withoutRule);
        CompletionResult result = Completer.Judge(place, written, rules);
        return result.Candidates is [CompletionCandidate shown]
            ? new ReplayedSuggestion(shown.NewText, shown.Confidence, null, shown.Fired)
            : new ReplayedSuggestion(null, 0, result.Silence!.Rule, result.Fired);
    }
}

/// <summary>A suggestion, or silence.</summary>
/// <param name="Text">What is put at the cursor; null when silent.</param>
/// <param name="Confidence">How sure the model is of it, 0 to 1; it is shown when this is at least 1 − eagerness.</param>
/// <param name="SilencedBy">The rule that silenced it; null when it is shown.</param>
/// <param name="Fired">Names of the rules that changed or silenced it.</param>
public sealed record ReplayedSuggestion(string? Text, double Confidence, string? SilencedBy, IReadOnlyList<string> Fired);
