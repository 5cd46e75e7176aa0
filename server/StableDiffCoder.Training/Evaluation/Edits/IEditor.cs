using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Evaluation.Edits;

/// <summary>What an editor made of a sample's code.</summary>
/// <param name="Text">The new code.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Milliseconds">Wall-clock time.</param>
/// <param name="Failure">Why there is no new code, such as a sample that is longer than the model; null when there is.</param>
public sealed record EditAnswer(string Text, int Tokens, int Forwards, double Milliseconds, string? Failure = null);

/// <summary>Edits code by instruction: a model or a baseline.</summary>
public interface IEditor
{
    /// <summary>Name in the report.</summary>
    string Name { get; }

    /// <summary>Edits; the sample's after is not looked at.</summary>
    Task<EditAnswer> EditAsync(EditSample sample, CancellationToken cancellationToken);
}

/// <summary>The baseline: leaves the code as it is. It always parses and is never right.</summary>
public sealed class NoChange : IEditor
{
    /// <inheritdoc/>
    public string Name => "no change";

    /// <inheritdoc/>
    public Task<EditAnswer> EditAsync(EditSample sample, CancellationToken cancellationToken) =>
        Task.FromResult(new EditAnswer(sample.Before, 0, 0, 0));
}

/// <summary>Edits with an engine.</summary>
/// <param name="engine">The loaded model; stays the caller's.</param>
/// <param name="name">Its name.</param>
/// <param name="options">How to sample.</param>
public sealed class EngineEditor(IEditEngine engine, string name, EditOptions options) : IEditor
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public async Task<EditAnswer> EditAsync(EditSample sample, CancellationToken cancellationToken)
    {
        var request = new EditRequest
        {
            Text = sample.Prefix + sample.Before + sample.Suffix,
            Span = new TextSpan(sample.Prefix.Length, sample.Before.Length),
            Instruction = sample.Instruction,
            Options = options,
        };
        try
        {
            EditResult result = await engine.EditAsync(request, null, cancellationToken);
            return new EditAnswer(result.NewText, result.Tokens, result.Forwards, result.Milliseconds);
        }
        catch (ArgumentException error)
        {
            // One sample that does not fit is a wrong answer, not the end of the evaluation.
            return new EditAnswer("", 0, 0, 0, error.Message);
        }
    }
}
