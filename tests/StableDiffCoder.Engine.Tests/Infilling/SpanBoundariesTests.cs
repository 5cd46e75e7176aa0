using CsCheck;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class SpanBoundariesTests
{
    [Theory]
    [InlineData("a😀b", 2, 0, 1, 0)] // a cursor inside a pair goes before it
    [InlineData("a\r\nb", 2, 0, 1, 0)]
    [InlineData("a😀b", 0, 2, 0, 1)] // ends of a selection move inwards
    [InlineData("a😀b", 2, 2, 3, 1)]
    [InlineData("a😀b", 2, 1, 3, 0)]
    [InlineData("a😀b", 1, 2, 1, 2)] // whole characters stay
    [InlineData("a\r\nb", 1, 2, 1, 2)]
    [InlineData("a\ude00b", 1, 1, 1, 1)] // half a pair alone is a character of its own
    public void Settle_OneSpan_StandsBetweenCharacters(string text, int start, int length, int settledStart, int settledLength)
    {
        Assert.Equal([new TextSpan(settledStart, settledLength)], SpanBoundaries.Settle(text, [new TextSpan(start, length)]));
    }

    [Fact]
    public void Settle_AnySpans_StayInOrderAndPartNoCharacter()
    {
        InfillSamples.Requests.Sample(request =>
        {
            IReadOnlyList<TextSpan> settled = SpanBoundaries.Settle(request.Text, request.Spans);
            for (int i = 0; i < settled.Count; i++)
            {
                Assert.True(settled[i].Length >= 0 && settled[i].End <= request.Text.Length);
                Assert.False(LineBreaks.IsInsideCharacter(request.Text, settled[i].Start));
                Assert.False(LineBreaks.IsInsideCharacter(request.Text, settled[i].End));
                Assert.True(i == 0 || settled[i].Start >= settled[i - 1].End);
                // Nothing is replaced that was not selected.
                Assert.True(settled[i].Length <= request.Spans[i].Length);
            }
        });
    }
}
