using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>The entry that is selected in the editor's own list of completions.</summary>
/// <param name="Range">What it would replace.</param>
/// <param name="Text">Its text.</param>
internal readonly record struct SelectedEntry(TextSpan Range, string Text);

/// <summary>
/// Where a completion is asked for. With a selected entry the model is shown the document as if the entry were taken, and a suggestion is the
/// entry and what follows it, over the entry's own range.
/// </summary>
internal sealed class CompletionPlace
{
    private readonly SelectedEntry? selected;

    /// <summary>A place.</summary>
    /// <param name="snapshot">The document.</param>
    /// <param name="cursor">Offset of the cursor.</param>
    /// <param name="invoked">Whether the user asked.</param>
    /// <param name="options">How to behave.</param>
    /// <param name="selected">The editor's own choice; null when it shows none.</param>
    public CompletionPlace(
        DocumentSnapshot snapshot,
        int cursor,
        bool invoked,
        LanguageServerOptions options,
        SelectedEntry? selected = null
    )
    {
        Snapshot = snapshot;
        Cursor = cursor;
        Invoked = invoked;
        Inline = options.InlineCompletion;
        SnippetTokens = options.Context.Tokens;
        this.selected = selected;
        Problem = selected is SelectedEntry entry ? ProblemOf(snapshot.Text, cursor, entry) : null;
        string text = snapshot.Text;
        int place = cursor;
        if (selected is SelectedEntry taken && Problem is null)
        {
            text = string.Concat(text.AsSpan(0, taken.Range.Start), taken.Text, text.AsSpan(taken.Range.End));
            place = taken.Range.Start + taken.Text.Length;
        }
        Context = new EditContext(text, snapshot.LanguageId, place, null, options.Editing) { Invoked = invoked };
    }

    /// <value>The document.</value>
    public DocumentSnapshot Snapshot { get; }

    /// <value>Offset of the cursor in it.</value>
    public int Cursor { get; }

    /// <value>Whether the user asked.</value>
    public bool Invoked { get; }

    /// <value>Whether the editor has an entry selected.</value>
    public bool HasSelection => selected is not null;

    /// <value>When to speak, and how much.</value>
    public InlineCompletionOptions Inline { get; }

    /// <value>The place as the model and the editing rules see it.</value>
    public EditContext Context { get; }

    /// <value>Finds pieces of other files for the model, when it is asked; null for none.</value>
    public Func<IReadOnlyList<ContextSnippet>>? Snippets { get; init; }

    /// <value>Most tokens of these.</value>
    public int SnippetTokens { get; }

    /// <value>Why the selected entry cannot be extended; null when it can, or when there is none.</value>
    public Silence? Problem { get; }

    /// <summary>What the model is asked. Snippets are looked for, which takes time.</summary>
    public InfillRequest Request =>
        new()
        {
            Text = Context.Text,
            Spans = [Context.Replaced],
            Snippets = Snippets?.Invoke() ?? [],
            Options = new InfillOptions
            {
                MaxNewTokens = Context.Shape.Kind == ShapeKind.Line ? Inline.LineTokens : Inline.BlockTokens,
                Threshold = Inline.Threshold,
                StopStrings = Context.Shape.StopStrings,
                StopAtSuffix = true,
                SnippetTokens = SnippetTokens,
            },
        };

    /// <summary>An edit of the place as the document's own.</summary>
    public (TextSpan Range, string NewText) ToDocument(EditOutcome edit)
    {
        if (selected is not SelectedEntry entry)
        {
            return (edit.Range, edit.NewText);
        }
        // The place's range starts at its cursor: what it takes up stands directly behind the entry.
        return (entry.Range with { Length = entry.Range.Length + edit.Range.Length }, entry.Text + edit.NewText);
    }

    private static Silence? ProblemOf(string text, int cursor, SelectedEntry entry)
    {
        const string Rule = "SelectedEntry";
        TextSpan range = entry.Range;
        if (cursor < range.Start || cursor > range.End || text.AsSpan(range.Start, range.Length).ContainsAny('\r', '\n'))
        {
            return new Silence(Rule, "the selected entry's range is not on the cursor's line around the cursor");
        }
        ReadOnlySpan<char> typed = text.AsSpan(range.Start, cursor - range.Start);
        if (!entry.Text.StartsWith(typed, StringComparison.Ordinal))
        {
            return new Silence(Rule, "the selected entry changes what stands before the cursor");
        }
        ReadOnlySpan<char> behind = text.AsSpan(cursor, range.End - cursor);
        return Editing.Rules.KeepsReplacedTextRule.IsSubword(behind, entry.Text.AsSpan(typed.Length))
            ? null
            : new Silence(Rule, "the selected entry drops characters that stand behind the cursor");
    }
}
