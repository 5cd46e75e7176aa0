namespace StableDiffCoder.Training.Evaluation.HumanEval;

/// <summary>One task and what a model made of it.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Completion">What stands between prompt and suffix.</param>
/// <param name="Exact">Whether it equals the canonical solution, both trimmed.</param>
/// <param name="EditSimilarity">1 − Levenshtein distance / longer length, both trimmed.</param>
/// <param name="Passed">Whether the test passes; null when code was not run.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Milliseconds">Time of the model.</param>
public sealed record InfillingScore(
    string TaskId,
    string Completion,
    bool Exact,
    double EditSimilarity,
    bool? Passed,
    int Tokens,
    int Forwards,
    double Milliseconds
);

/// <summary>Fills the tasks of HumanEval-Infilling. Generated code is not run unless asked for.</summary>
public static class InfillingEvaluation
{
    /// <summary>Fills and scores.</summary>
    /// <param name="filler">The model; stays the caller's.</param>
    /// <param name="tasks">The tasks.</param>
    /// <param name="maxNewTokens">Most tokens of a completion.</param>
    /// <param name="programs">Runs each program under these limits; null runs nothing.</param>
    /// <param name="progress">Told after each task; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every task and inside the model and the program.</param>
    public static async Task<IReadOnlyList<InfillingScore>> RunAsync(
        IHoleFiller filler,
        IReadOnlyList<InfillingTask> tasks,
        int maxNewTokens,
        ProgramOptions? programs,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        programs?.Validate();
        var scores = new List<InfillingScore>(tasks.Count);
        foreach (InfillingTask task in tasks)
        {
            HoleFill fill = await filler.FillAsync(task.ToHole(), maxNewTokens, cancellationToken);
            string completion = task.Completion(fill.Text);
            bool? passed = programs is null
                ? null
                : (await LimitedProgram.RunAsync(task.Program(completion), programs, cancellationToken)).Passed;
            (string text, string answer) = (completion.Trim(), task.CanonicalSolution.Trim());
            scores.Add(
                new InfillingScore(
                    task.TaskId,
                    completion,
                    text == answer,
                    EditSimilarity.Of(text, answer),
                    passed,
                    fill.Tokens,
                    fill.Forwards,
                    fill.Milliseconds
                )
            );
            double exact = scores.Average(score => score.Exact ? 1.0 : 0.0);
            progress?.Report(new InfillEvaluationProgress(filler.Name, scores.Count, tasks.Count, exact));
        }
        return scores;
    }
}
