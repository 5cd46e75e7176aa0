namespace StableDiffCoder.Lsp.Protocol;

/// <summary>The answer to <c>stableDiffCoder/status</c>, and the parameters of <c>stableDiffCoder/didChangeStatus</c> (docs/lsp-extensions.md).</summary>
internal sealed record StatusParams
{
    /// <value>"loading", "ready" or "failed".</value>
    public required string State { get; init; }

    /// <value>Why the model could not be loaded.</value>
    public string? Problem { get; init; }

    /// <value>The model folder's name.</value>
    public string? Model { get; init; }

    /// <value>"cpu" or "cuda:0".</value>
    public string? Device { get; init; }

    /// <value>"float32" or "bfloat16".</value>
    public string? DataType { get; init; }

    /// <value>Number of weights.</value>
    public long? Parameters { get; init; }

    /// <value>Most tokens, context and new ones together.</value>
    public int? ContextLength { get; init; }

    /// <value>Requests that wait for the model or are being answered.</value>
    public required int Queue { get; init; }

    /// <value>New tokens a second of answering.</value>
    public double? TokensPerSecond { get; init; }

    /// <value>The share of the prompts' tokens that was known from earlier requests, 0 to 1.</value>
    public double? CacheHitRate { get; init; }

    /// <value>Open documents.</value>
    public required int Documents { get; init; }

    /// <value>Of these, those that are out of step.</value>
    public required IReadOnlyList<string> OutOfStep { get; init; }

    /// <value>The folders of the workspace.</value>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <value>C# files of the workspace whose declarations are known.</value>
    public required int IndexedFiles { get; init; }

    /// <value>Whether more of them are to be read.</value>
    public required bool Indexing { get; init; }

    /// <value>Answers with suggestions in this session.</value>
    public required int Offered { get; init; }

    /// <value>Of these, those whose command ran or whose text came into the document.</value>
    public required int Accepted { get; init; }

    /// <value>Of these, those from which the document diverged.</value>
    public required int Abandoned { get; init; }

    /// <value>Requests that were answered with nothing.</value>
    public required int Silenced { get; init; }

    /// <value>The last decisions, newest first: why there was no suggestion.</value>
    public required IReadOnlyList<StatusDecision> Decisions { get; init; }

    /// <value>The folder of the log and the statistics; null when nothing is kept.</value>
    public string? StateFolder { get; init; }
}

/// <summary>One decision of inline completion.</summary>
internal sealed record StatusDecision
{
    /// <value>When, as ISO 8601 in UTC.</value>
    public required string Time { get; init; }

    /// <value>The document.</value>
    public required string Uri { get; init; }

    /// <value>0-based line of the cursor; only where nothing was suggested.</value>
    public int? Line { get; init; }

    /// <value>Whether the user asked.</value>
    public required bool Invoked { get; init; }

    /// <value>Number of suggestions; 0 when there was none.</value>
    public required int Items { get; init; }

    /// <value>How sure the model was of the first one, 0 to 1.</value>
    public double? Confidence { get; init; }

    /// <value>The rule that silenced it.</value>
    public string? Rule { get; init; }

    /// <value>The rule's reason, in words.</value>
    public string? Reason { get; init; }

    /// <value>The editing rules that changed the text.</value>
    public required IReadOnlyList<string> Fired { get; init; }
}

/// <summary>The answer to <c>stableDiffCoder/statistics</c> (docs/lsp-extensions.md).</summary>
internal sealed record StatisticsResponse
{
    /// <value>The days on which something was counted, oldest first.</value>
    public required IReadOnlyList<StatisticsDay> Days { get; init; }
}

/// <summary>The counts of one day.</summary>
internal sealed record StatisticsDay
{
    /// <value>The day: "2026-01-31".</value>
    public required string Date { get; init; }

    /// <value>Answers with suggestions.</value>
    public required int Offered { get; init; }

    /// <value>Of these, those whose command the client ran.</value>
    public required int AcceptedByCommand { get; init; }

    /// <value>Of these, those whose whole text came into the document otherwise.</value>
    public required int AcceptedByText { get; init; }

    /// <value>Of these, those from which the document diverged.</value>
    public required int Abandoned { get; init; }

    /// <value>Requests that were answered with nothing, by the name of the rule.</value>
    public required IReadOnlyDictionary<string, int> Silenced { get; init; }
}

/// <summary>The folders of the workspace changed
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_didChangeWorkspaceFolders">spec</see>).</summary>
internal sealed record DidChangeWorkspaceFoldersParams
{
    /// <value>What changed.</value>
    public required WorkspaceFoldersChangeEvent Event { get; init; }
}

/// <summary>Folders that came and went.</summary>
internal sealed record WorkspaceFoldersChangeEvent
{
    /// <value>Folders that came.</value>
    public IReadOnlyList<WorkspaceFolder> Added { get; set; } = [];

    /// <value>Folders that went.</value>
    public IReadOnlyList<WorkspaceFolder> Removed { get; set; } = [];
}

/// <summary>A folder of the workspace.</summary>
internal sealed record WorkspaceFolder
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }
}

/// <summary>Sets how much a client wants to be traced
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#setTrace">spec</see>).</summary>
internal sealed record SetTraceParams
{
    /// <value>"off", "messages" or "verbose".</value>
    public required string Value { get; init; }
}

/// <summary>A line of the trace
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#logTrace">spec</see>).</summary>
internal sealed record LogTraceParams
{
    /// <value>What was answered, and how fast.</value>
    public required string Message { get; init; }

    /// <value>Parameters and result, source text included; only for a client that wants a verbose trace.</value>
    public string? Verbose { get; init; }
}
