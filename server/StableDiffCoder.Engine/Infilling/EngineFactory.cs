namespace StableDiffCoder.Engine.Infilling;

/// <summary>Loads a model and returns the engine that owns it. Called once, off the protocol's thread, so it may block.</summary>
/// <param name="progress">Told how far the loading is.</param>
/// <param name="cancellationToken">Checked between the parts of the model.</param>
/// <returns>The loaded engine; the caller disposes of it.</returns>
/// <exception cref="OperationCanceledException">Cancelled.</exception>
public delegate Task<IInfillEngine> EngineFactory(IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken);
