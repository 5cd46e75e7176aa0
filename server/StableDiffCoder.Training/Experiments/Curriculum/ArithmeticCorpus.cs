using StableDiffCoder.Training.Data;

namespace StableDiffCoder.Training.Experiments.Curriculum;

/// <summary>A question with one right answer.</summary>
/// <param name="Kind">"sum" or "api".</param>
/// <param name="Prompt">Everything before the answer.</param>
/// <param name="Answer">Digits.</param>
/// <param name="HeldOut">Whether training never sees it.</param>
internal sealed record Question(string Kind, string Prompt, string Answer, bool HeldOut)
{
    /// <summary>The document.</summary>
    public string Text => Prompt + Answer;
}

/// <summary>
/// Made-up knowledge whose every statement can be checked, of the kind of the report's eq. 6: given names for numbers, then their sum
/// (<c>a=37,b=45,a+b=82</c>); and an invented API, in which each function adds a number of its own to its argument (<c>Tabu.Rime(7)=58</c>),
/// so that an answer needs a fact from training and the addition. A fifth of the statements of both kinds is held out.
/// </summary>
internal static class ArithmeticCorpus
{
    private const int Limit = 30;
    private const int Arguments = 10;
    private const double HeldOutShare = 0.2;
    private const string Consonants = "bdfgklmnprstvz";
    private const string Vowels = "aeiou";

    /// <summary>All statements.</summary>
    /// <param name="functions">Functions of the API.</param>
    /// <param name="seed">Decides names, numbers, and what is held out.</param>
    public static IReadOnlyList<Question> Make(int functions, long seed)
    {
        var random = new SampleRandom(seed, 0x0A17);
        var questions = new List<Question>();
        for (int a = 0; a < Limit; a++)
        {
            for (int b = 0; b < Limit; b++)
            {
                questions.Add(new Question("sum", $"a={a},b={b},a+b=", $"{a + b}", random.NextDouble() < HeldOutShare));
            }
        }
        foreach (string name in Names(functions, random))
        {
            int own = random.NextInt(0, Limit - Arguments);
            for (int argument = 0; argument < Arguments; argument++)
            {
                questions.Add(new Question("api", $"{name}({argument})=", $"{own + argument}", random.NextDouble() < HeldOutShare));
            }
        }
        return questions;
    }

    /// <summary>Documents to train on: about as many of the one kind as of the other, so rare statements are repeated.</summary>
    public static IReadOnlyList<string> TrainingDocuments(IReadOnlyList<Question> questions)
    {
        Question[] sums = [.. questions.Where(question => question is { Kind: "sum", HeldOut: false })];
        Question[] calls = [.. questions.Where(question => question is { Kind: "api", HeldOut: false })];
        int repeats = Math.Max(1, (int)Math.Round((double)sums.Length / calls.Length));
        return [.. sums.Concat(Enumerable.Repeat(calls, repeats).SelectMany(all => all)).Select(question => question.Text)];
    }

    private static HashSet<string> Names(int count, SampleRandom random)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (names.Count < count)
        {
            names.Add($"{Word(random)}.{Word(random)}");
        }
        return names;
    }

    private static string Word(SampleRandom random)
    {
        char Of(string letters) => letters[random.NextInt(0, letters.Length - 1)];
        return $"{char.ToUpperInvariant(Of(Consonants))}{Of(Vowels)}{Of(Consonants)}{Of(Vowels)}";
    }
}
