using Microsoft.Extensions.Time.Testing;
using StableDiffCoder.Lsp.Completions;

namespace StableDiffCoder.Lsp.Tests.Completions;

public sealed class TypingPausesTests
{
    private const string Uri = "file:///a.cs";
    private static readonly InlineCompletionOptions Options = new() { LeastDebounce = 20, MostDebounce = 200 };

    private readonly FakeTimeProvider time = new();
    private readonly TypingPauses pauses;

    public TypingPausesTests()
    {
        pauses = new TypingPauses(time);
    }

    [Fact]
    public void Left_NothingTyped_IsNone() => Assert.Equal(TimeSpan.Zero, pauses.Left(Uri, Options));

    [Fact]
    public void Left_FirstKeys_IsModerate()
    {
        Type(Uri, 100, 100);
        Assert.Equal(75, Left());
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(5, 20)] // keys held down
    [InlineData(190, 190)]
    [InlineData(500, 20)] // there is time between the keys
    public void Left_SteadyTyping_IsTheUsersPause(int pause, int expected)
    {
        Type(Uri, [.. Enumerable.Repeat(pause, 40)]);
        Assert.Equal(expected, Left());
    }

    [Fact]
    public void Left_PausesOfManyKinds_IsLongerThanMost()
    {
        Type(Uri, [.. Enumerable.Range(1, 30).Select(i => 5 * i)]);
        Assert.InRange(Left(), 110, 130);
        // A user who slows down is waited for longer.
        Type(Uri, [.. Enumerable.Repeat(180, 40)]);
        Assert.Equal(180, Left());
    }

    [Fact]
    public void Left_ThinkingBetween_DoesNotCount()
    {
        Type(Uri, [.. Enumerable.Repeat(80, 10)]);
        Type(Uri, 60_000, 3_000, 10_000);
        Assert.Equal(80, Left());
    }

    [Fact]
    public void Left_TimePasses_IsLess()
    {
        Type(Uri, [.. Enumerable.Repeat(100, 10)]);
        time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(40, Left());
        time.Advance(TimeSpan.FromMilliseconds(60));
        Assert.Equal(0, Left());
    }

    [Fact]
    public void Left_OtherDocument_IsNone()
    {
        Type(Uri, [.. Enumerable.Repeat(100, 10)]);
        Assert.Equal(TimeSpan.Zero, pauses.Left("file:///b.cs", Options));
        Type("file:///b.cs", 50);
        Assert.Equal(TimeSpan.Zero, pauses.Left(Uri, Options));
    }

    private void Type(string uri, params int[] milliseconds)
    {
        foreach (int pause in milliseconds)
        {
            time.Advance(TimeSpan.FromMilliseconds(pause));
            pauses.Note(uri);
        }
    }

    private double Left() => pauses.Left(Uri, Options).TotalMilliseconds;
}
