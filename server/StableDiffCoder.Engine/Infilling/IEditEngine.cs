namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Rewrites code by instruction. As with <see cref="IInfillEngine"/>, arguments and results are plain records, and cancellation and progress
/// are parameters, so an implementation may live in this process or at the other end of a pipe.
/// </summary>
public interface IEditEngine
{
    /// <summary>Rewrites the span of the request.</summary>
    /// <param name="request">Text, span, instruction and options.</param>
    /// <param name="progress">Receives the answer as it is being denoised (raw: the code's fence is part of it), on the engine's thread; null
    /// when nobody looks.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>The new text of the span.</returns>
    /// <exception cref="ArgumentException">The request is not valid; the message says what and the fix.</exception>
    /// <exception cref="NotSupportedException">The checkpoint was not trained to follow instructions (it has no chat template, or one that cannot be
    /// used); <see cref="EngineDescription.CanEdit"/> is false then.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; stopped within one forward.</exception>
    Task<EditResult> EditAsync(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken);
}
