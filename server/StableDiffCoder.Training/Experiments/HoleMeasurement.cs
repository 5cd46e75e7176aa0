using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Experiments;

/// <summary>Held-out C# holes, and what the models of runs make of them.</summary>
/// <param name="context">Scale, data, measurements already made.</param>
internal sealed class HoleMeasurement(ExperimentContext context)
{
    private const int MaxNewTokens = 64;

    // All holes of a canvas take their budget from one context.
    private const int LineBudget = 24;

    private CorpusDocument[] Documents =>
        field ??= [
            .. CorpusShard
                .Read(context.Data.Corpus, CorpusSplit.Test)
                .Where(document => document.Path.EndsWith(".cs", StringComparison.Ordinal)),
        ];

    /// <summary>Holes of each of the four kinds.</summary>
    public IReadOnlyList<Hole> Holes => field ??= HoleSampler.Draw(Documents, new HoleSamplerOptions { PerKind = PerKind });

    private int PerKind => context.Sized(150, 2);

    /// <summary>Fills holes with the engine.</summary>
    /// <param name="run">Whose model.</param>
    /// <param name="order">Which places are revealed first.</param>
    public IReadOnlyList<HoleScore> Diffusion(TrainedRun run, RemaskingOrder order = RemaskingOrder.LowConfidence) =>
        context.Once<IReadOnlyList<HoleScore>>(
            run,
            $"holes-{PerKind}{Suffix(order)}",
            () => WithEngine(run, engine => Scores(new EngineHoleFiller(engine, new InfillOptions { Remasking = order })))
        );

    /// <summary>Fills holes from left to right.</summary>
    public IReadOnlyList<HoleScore> Autoregressive(TrainedRun run) =>
        context.Once<IReadOnlyList<HoleScore>>(
            run,
            $"holes-{PerKind}",
            () =>
            {
                using LoadedModel model = LoadedModel.Load(run.Model, LoadOptions, progress: null, context.CancellationToken);
                return Scores(new AutoregressiveHoleFiller(model));
            }
        );

    /// <summary>Fills files with several holes at once.</summary>
    /// <param name="run">Whose model.</param>
    /// <param name="holes">Holes a file.</param>
    /// <param name="order">Which places are revealed first.</param>
    public IReadOnlyList<MultiHoleScore> Several(TrainedRun run, int holes, RemaskingOrder order = RemaskingOrder.LowConfidence)
    {
        int files = context.Sized(100, 2);
        return context.Once(
            run,
            $"files-with-{holes}-holes-{files}{Suffix(order)}",
            () =>
                WithEngine(
                    run,
                    engine =>
                        MultiHoleEvaluation
                            .RunAsync(
                                engine,
                                MultiHoleSampler.Draw(Documents, holes, files, seed: 0),
                                new InfillOptions { MaxNewTokens = context.Sized(LineBudget, 8), Remasking = order },
                                context.CancellationToken
                            )
                            .GetAwaiter()
                            .GetResult()
                )
        );
    }

    // Measurements are kept by name; the plain name is the order that most have.
    private static string Suffix(RemaskingOrder order) => order == RemaskingOrder.LowConfidence ? "" : "-left-to-right";

    private ModelLoadOptions LoadOptions => new() { Device = context.Device, Threads = context.Threads };

    private IReadOnlyList<HoleScore> Scores(IHoleFiller filler) =>
        InfillEvaluation
            .RunAsync([filler], Holes, new InfillEvaluationOptions { MaxNewTokens = Budget }, progress: null, context.CancellationToken)
            .GetAwaiter()
            .GetResult()
            .Scores;

    private int Budget => context.Sized(MaxNewTokens, 8);

    // On this thread throughout: libtorch's thread count belongs to it.
    private T WithEngine<T>(TrainedRun run, Func<IInfillEngine, T> measure)
    {
        InfillEngine engine = InfillEngine.LoadAsync(run.Model, LoadOptions, null, context.CancellationToken).GetAwaiter().GetResult();
        try
        {
            return measure(engine);
        }
        finally
        {
            engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }
}
