namespace StableDiffCoder.Training.Experiments;

/// <summary>How large an experiment is.</summary>
public enum ExperimentScale
{
    /// <summary>A few updates of a tiny model: shows that the experiment runs, and nothing else.</summary>
    Tiny,

    /// <summary>The sizes of docs/training.md.</summary>
    Full,
}

/// <summary>A claim of the report, as a comparison of training runs that one command makes.</summary>
public interface IExperiment
{
    /// <summary>Its name on the command line.</summary>
    string Name { get; }

    /// <summary>The claim, in one line.</summary>
    string Title { get; }

    /// <summary>Makes what is not made yet, and compares.</summary>
    /// <param name="context">Scale, data, finished runs.</param>
    ExperimentResult Run(ExperimentContext context);
}

/// <summary>All experiments.</summary>
public static class ExperimentCatalog
{
    /// <summary>In the order of docs/training.md.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new ClippedNoiseExperiment(),
        new WarmupExperiment(),
        new Curriculum.CurriculumExperiment(),
        new TwinExperiment(),
        new InPlaceExperiment(),
    ];

    /// <summary>Finds one.</summary>
    /// <exception cref="ArgumentException">There is none of that name; the message lists them.</exception>
    public static IExperiment Find(string name) =>
        All.FirstOrDefault(experiment => experiment.Name == name)
        ?? throw new ArgumentException(
            $"there is no experiment \"{name}\"; use {string.Join(", ", All.Select(experiment => experiment.Name))}"
        );
}
