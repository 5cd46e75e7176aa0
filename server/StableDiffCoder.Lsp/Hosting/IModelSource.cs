using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>Where models come from. Called off the protocol's thread, one call at a time.</summary>
public interface IModelSource
{
    /// <summary>Looks at what would be loaded, quickly and without throwing.</summary>
    ModelSighting Look(ModelOptions model);

    /// <summary>Loads a model and returns the engine that owns it; the caller disposes of it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Task<IInfillEngine> LoadAsync(ModelOptions model, IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken);
}

/// <summary>A model as it is now, seen from outside.</summary>
/// <param name="Fingerprint">Changes when the model's files do, and so does the outcome of loading it.</param>
/// <param name="NeededBytes">Memory that it takes once it is loaded; null when that is not known.</param>
public sealed record ModelSighting(string Fingerprint, long? NeededBytes);

/// <summary>One model, whatever the options say.</summary>
internal sealed class FactoryModelSource(EngineFactory factory) : IModelSource
{
    /// <inheritdoc/>
    public ModelSighting Look(ModelOptions model) => new("", null);

    /// <inheritdoc/>
    public Task<IInfillEngine> LoadAsync(ModelOptions model, IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken) =>
        factory(progress, cancellationToken);
}
