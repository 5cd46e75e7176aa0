namespace StableDiffCoder.Lsp.Protocol;

/// <summary>A message for the user
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#window_showMessage">spec</see>).</summary>
internal sealed record ShowMessageParams
{
    /// <summary>The <see cref="Type"/> of an error.</summary>
    public const int Error = 1;

    /// <summary>The <see cref="Type"/> of a warning.</summary>
    public const int Warning = 2;

    /// <summary>The <see cref="Type"/> of an information.</summary>
    public const int Information = 3;

    /// <summary>The <see cref="Type"/> of what only a log is for.</summary>
    public const int Log = 4;

    /// <value>1 error, 2 warning, 3 information, 4 log.</value>
    public required int Type { get; init; }

    /// <value>The text.</value>
    public required string Message { get; init; }
}

/// <summary>Asks the client to make room for a progress bar
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#window_workDoneProgress_create">spec</see>).</summary>
internal sealed record WorkDoneProgressCreateParams
{
    /// <value>Names the progress.</value>
    public required string Token { get; init; }
}

/// <summary>One piece of news about a progress
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#progress">spec</see>).</summary>
internal sealed record ProgressParams
{
    /// <value>The token given at its creation.</value>
    public required string Token { get; init; }

    /// <value>The news.</value>
    public required WorkDoneProgress Value { get; init; }
}

/// <summary>The begin, a report or the end of work
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workDoneProgress">spec</see>).</summary>
internal sealed record WorkDoneProgress
{
    /// <value>"begin", "report" or "end".</value>
    public required string Kind { get; init; }

    /// <value>What the work is; only at the begin.</value>
    public string? Title { get; init; }

    /// <value>What is being done.</value>
    public string? Message { get; init; }

    /// <value>0 to 100, never falling; not at the end.</value>
    public int? Percentage { get; init; }
}
