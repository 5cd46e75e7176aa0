namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What to suggest at a cursor
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_inlineCompletion">spec</see>).</summary>
internal sealed record InlineCompletionParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }

    /// <value>The cursor.</value>
    public required Position Position { get; init; }

    /// <value>Why it is asked; older clients leave it out.</value>
    public InlineCompletionContext? Context { get; init; }
}

/// <summary>Why a completion is asked for.</summary>
internal sealed record InlineCompletionContext
{
    /// <summary>The <see cref="TriggerKind"/> of a request that the user made.</summary>
    public const int Invoked = 1;

    /// <value>1 invoked by the user, 2 automatic.</value>
    public int TriggerKind { get; set; } = 2;

    /// <value>What is selected in the editor's own list of completions; null when none is shown.</value>
    public SelectedCompletionInfo? SelectedCompletionInfo { get; init; }
}

/// <summary>An entry of the editor's own list of completions
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#selectedCompletionInfo">spec</see>).</summary>
internal sealed record SelectedCompletionInfo
{
    /// <value>What it would replace.</value>
    public required TextRange Range { get; init; }

    /// <value>What it would insert.</value>
    public required string Text { get; init; }
}

/// <summary>What is suggested.</summary>
internal sealed record InlineCompletionList
{
    /// <value>At least one.</value>
    public required IReadOnlyList<InlineCompletionItem> Items { get; init; }
}

/// <summary>One suggestion.</summary>
internal sealed record InlineCompletionItem
{
    /// <value>What is inserted.</value>
    public required string InsertText { get; init; }

    /// <value>What the client compares with the text that stands in <see cref="Range"/>.</value>
    public string? FilterText { get; init; }

    /// <value>What it replaces; on the cursor's line.</value>
    public required TextRange Range { get; init; }

    /// <value>What the client runs when the item is accepted.</value>
    public LspCommand? Command { get; init; }
}
