using System.Text;
using CsCheck;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>The published tokenizer of the 8B model, against ids made by other implementations.</summary>
public class SharedTokenizerTests
{
    [SharedTokenizerFact]
    public void Encode_GoldenSamples_GivesTheirIds()
    {
        foreach (var (text, ids) in SharedTokenizer.GoldenSamples())
        {
            Assert.Equal(ids, SharedTokenizer.Instance.Encode(text, parseSpecial: true));
        }
    }

    [SharedTokenizerFact]
    public void Decode_GoldenSamples_GivesFormC()
    {
        foreach (var (text, ids) in SharedTokenizer.GoldenSamples())
        {
            Assert.Equal(text.Normalize(NormalizationForm.FormC), SharedTokenizer.Instance.Decode(ids));
        }
    }

    [SharedTokenizerFact]
    public void Special_AllKinds_HaveTheModelsIds()
    {
        var special = SharedTokenizer.Instance.Special;

        Assert.Equal((0, 2, 1, 5), (special.Bos, special.Eos, special.Pad, special.Mask));
        Assert.Equal((124, 125, 126, 6), (special.FimPrefix, special.FimSuffix, special.FimMiddle, special.Separator));
        Assert.Equal(155121, SharedTokenizer.Instance.VocabularySize);
        Assert.All(Enumerable.Range(0, 128), id => Assert.True(SharedTokenizer.Instance.IsSpecial(id)));
        Assert.False(SharedTokenizer.Instance.IsSpecial(128));
        Assert.False(SharedTokenizer.Instance.HasToken(155121));
    }

    [SharedTokenizerFact]
    public void Encode_AnyText_DecodesToItsFormC() =>
        UnicodeText.Any.Sample(text => TokenizerProperties.DecodesToFormC(SharedTokenizer.Instance, text));

    [SharedTokenizerFact]
    public void EncodeWithOffsets_AnyText_CoversIt() =>
        UnicodeText.Any.Sample(text => TokenizerProperties.OffsetsCover(SharedTokenizer.Instance, text));
}
