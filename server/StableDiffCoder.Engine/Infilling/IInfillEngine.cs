namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Fills spans of text. Arguments and results are plain records, and cancellation and progress are parameters, so an implementation may
/// live in this process or at the other end of a pipe.
/// </summary>
public interface IInfillEngine : IAsyncDisposable
{
    /// <summary>What is loaded.</summary>
    EngineDescription Description { get; }

    /// <summary>Fills every span of the request.</summary>
    /// <param name="request">Text, spans and options.</param>
    /// <param name="progress">Receives the canvas after each forward, on the engine's thread; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>One fill per span.</returns>
    /// <exception cref="ArgumentException">The request is not valid; the message says what and the fix.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; stopped within one forward.</exception>
    Task<InfillResult> InfillAsync(InfillRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken);
}

/// <summary>What an engine has loaded.</summary>
public sealed record EngineDescription
{
    /// <value>The model folder's name.</value>
    public required string Model { get; init; }

    /// <value>"cpu" or "cuda:0".</value>
    public required string Device { get; init; }

    /// <value>"float32" or "bfloat16".</value>
    public required string DataType { get; init; }

    /// <value>Number of weights.</value>
    public required long Parameters { get; init; }

    /// <value>Most tokens, context and new ones together.</value>
    public required int ContextLength { get; init; }

    /// <value>Whether the checkpoint follows instructions, so that <see cref="IEditEngine.EditAsync"/> works. Default false.</value>
    public bool CanEdit { get; init; }
}
