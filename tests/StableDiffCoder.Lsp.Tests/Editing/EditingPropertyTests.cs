using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Rules;

namespace StableDiffCoder.Lsp.Tests.Editing;

/// <summary>What holds for every text, offset and language, however little sense they make.</summary>
public sealed class EditingPropertyTests
{
    // Pieces rather than characters: brackets, quotes, comments and breaks meet often enough to matter.
    private static readonly string[] Pieces =
    [
        .. "( ) [ ] { } ; , : = + . / \\ \" ' ` # $ @ < > | \"\"\" $\" @\" ${ {{ // /* */ <!-- -- a foo value 12 _ é 😀".Split(' '),
        .. "if else for return class def function public void case elif catch => () {} ); }); \"a\" 'b' a.b foo(a,".Split(' '),
        " ",
        " ",
        "    ",
        "\t",
        "\n",
        "\n",
        "\n    ",
        "\n        ",
        "\n\t",
        "\n}",
        "\n    }",
        "if (a) {",
        "if a:",
        "return a;",
        "foo(a);\n",
        "\uFEFF",
        "\uFFFD",
        "\uD83D",
        "\uDE00",
        "\u0085",
        "\u2028",
        "\0",
        "\r",
        "\r\n",
        "<[fim-suffix]>",
        "<|endoftext|>",
        "<[MASK_TOKEN]>",
    ];

    private static readonly string[] Languages =
    [
        .. "csharp typescript javascriptreact python go rust shellscript json html yaml plaintext kotlin css sql unheard-of".Split(' '),
    ];

    private static readonly Gen<string> Text = Gen.OneOf(Pieces).Array[0, 40].Select(string.Concat);

    private static readonly Gen<EditContext> Place = Gen.Select(
        Text,
        Gen.OneOf(Languages),
        Gen.Int[-2, 120],
        Gen.Int[-1, 6],
        Gen.Int[0, 7],
        (text, language, start, length, flags) =>
            new EditContext(
                text,
                language,
                start + Math.Max(0, length),
                new TextSpan(start, length),
                new EditingOptions
                {
                    InWords = (flags & 1) != 0,
                    InStrings = (flags & 2) != 0,
                    InComments = (flags & 4) != 0,
                }
            )
            {
                Invoked = flags > 3,
            }
    );

    private static readonly Gen<(EditContext Place, string Model, bool CutShort)> Request = Gen.Select(Place, Text, Gen.Bool);

    // A golden case's file, a place anywhere in it, and a stretch of another's model text or file: what comes from the same file repeats it.
    private static readonly Gen<(EditContext Place, string Model, bool CutShort)> RealRequest = Gen.Select(
        Gen.OneOf([.. GoldenFiles.All.Values]),
        Gen.OneOf([.. GoldenFiles.All.Values]),
        Gen.Int[0, 1000],
        Gen.Int[0, 1000],
        Gen.Int[1, 160],
        Gen.Int[0, 2],
        (file, other, at, from, length, source) =>
        {
            string written = source switch
            {
                0 => file.Text,
                1 => other.Text,
                _ => other.ModelText,
            };
            int start = from % (written.Length + 1);
            var place = new EditContext(file.Text, file.Language, at % (file.Text.Length + 1));
            return (place, written.Substring(start, Math.Min(length, written.Length - start)), length % 2 == 0);
        }
    );

    [Fact]
    public void Apply_AnyText_KeepsItsPromises() => Request.Sample(AssertPromises, iter: 4000, print: Print);

    [Fact]
    public void Apply_PiecesOfRealFiles_KeepsItsPromises() => RealRequest.Sample(AssertPromises, iter: 4000, print: Print);

    [Fact]
    public void Apply_FileWithCarriageReturns_GetsNoOther() =>
        Request.Sample(
            request =>
            {
                string text = request.Place.Text.ReplaceLineEndings("\r\n");
                var place = new EditContext(text + "\r\n", "csharp", request.Place.Cursor);
                EditOutcome outcome = EditingPipeline.Inline.Apply(place, request.Model);
                string after = outcome.ApplyTo(text + "\r\n").Replace("\r\n", "", StringComparison.Ordinal);
                Assert.False(after.AsSpan().ContainsAny('\r', '\n'), outcome.NewText);
            },
            iter: 1500,
            print: Print
        );

    [Fact]
    public void Apply_SpanToBeReplaced_IsCleanedAlone() =>
        Request.Sample(
            request =>
            {
                EditOutcome outcome = EditingPipeline.Replacement.Apply(request.Place, request.Model);
                Assert.Null(outcome.Silence);
                Assert.Equal(request.Place.Replaced, outcome.Range);
                AssertWholeCharacters(outcome.NewText);
            },
            iter: 1500,
            print: Print
        );

    private static void AssertPromises((EditContext Place, string Model, bool CutShort) request)
    {
        EditOutcome outcome = EditingPipeline.Inline.Apply(request.Place, request.Model, request.CutShort);
        if (outcome.Silence is not null)
        {
            Assert.Equal("", outcome.NewText);
            return;
        }
        AssertOutsideUnchanged(request.Place, outcome);
        AssertWholeCharacters(outcome.NewText);
        AssertGhostText(request.Place, outcome);
        EditOutcome again = EditingPipeline.Inline.Apply(request.Place, outcome.NewText);
        Assert.Equal((outcome.Range, outcome.NewText, null), (again.Range, again.NewText, again.Silence));
    }

    private static void AssertOutsideUnchanged(EditContext place, EditOutcome outcome)
    {
        string after = outcome.ApplyTo(place.Text);
        Assert.Equal(place.Replaced.Start, outcome.Range.Start);
        Assert.InRange(outcome.Range.End, place.Replaced.End, place.Replaced.End + place.LineSuffix.Length);
        Assert.StartsWith(place.Text[..outcome.Range.Start], after, StringComparison.Ordinal);
        Assert.EndsWith(place.Text[outcome.Range.End..], after, StringComparison.Ordinal);
        Assert.Equal(place.Text.Length - outcome.Range.Length + outcome.NewText.Length, after.Length);
    }

    private static void AssertWholeCharacters(string text)
    {
        Assert.False(SpecialTokenRule.SpecialToken().IsMatch(text), "special token");
        Assert.DoesNotContain('\uFEFF', text);
        Assert.DoesNotContain('\uFFFD', text);
        Assert.False(text.EnumerateRunes().Any(rune => rune.Value == 0xFFFD), "half a character");
    }

    private static void AssertGhostText(EditContext place, EditOutcome outcome)
    {
        string firstLine = outcome.NewText.Split('\r', '\n')[0];
        Assert.StartsWith(place.Text[place.Replaced.Start..place.Cursor], outcome.NewText, StringComparison.Ordinal);
        string replaced = place.Text.Substring(outcome.Range.Start, outcome.Range.Length);
        Assert.True(KeepsReplacedTextRule.IsSubword(replaced, firstLine), "the replaced text is no subword of the first line");
        Assert.False(string.IsNullOrWhiteSpace(outcome.NewText));
    }

    private static string Print((EditContext Place, string Model, bool CutShort) request) =>
        $"language {request.Place.Language.Name}, text {Quote(request.Place.Text)}, replaced {request.Place.Replaced}, "
        + $"options {request.Place.Options}, invoked {request.Place.Invoked}, model {Quote(request.Model)}, cut short {request.CutShort}";

    private static string Quote(string text) =>
        '"' + string.Concat(text.Select(symbol => symbol is >= ' ' and < (char)127 ? symbol.ToString() : $"\\u{(int)symbol:X4}")) + '"';
}
